import PostgresClient

/// What the demonstration asks the database besides what the commands do.
enum DemoQueries {
    /// The legal entities, and what they hold.
    static let company: SQL = """
        SELECT l.legal_entity_id AS legal_entity, l.name, l.accounting_currency AS currency,
            l.minimum_reimbursement AS minimum,
            (SELECT count(*) FROM reimbursement.customers AS c WHERE c.legal_entity_id = l.legal_entity_id) AS customers,
            (SELECT count(*) FROM reimbursement.customer_transactions AS t
                WHERE t.legal_entity_id = l.legal_entity_id AND t.open_amount < 0) AS open_credits,
            (SELECT count(*) FROM reimbursement.customer_transactions AS t
                WHERE t.legal_entity_id = l.legal_entity_id AND t.open_amount > 0) AS open_debits,
            (SELECT count(*) FROM reimbursement.vendors AS v WHERE v.legal_entity_id = l.legal_entity_id) AS vendors
        FROM reimbursement.legal_entities AS l
        ORDER BY l.legal_entity_id
        """

    /// What a run with the default choices would do in each legal entity.
    static let previews: SQL = """
        SELECT l.legal_entity_id AS legal_entity, coalesce(p.skip_reason, 'to be reimbursed') AS outcome, p.currency,
            count(DISTINCT p.customer_account) AS customers, sum(p.amount) AS amount,
            sum(p.accounting_amount) AS accounting_amount, l.accounting_currency
        FROM reimbursement.legal_entities AS l
        CROSS JOIN LATERAL reimbursement.preview_reimbursement(l.legal_entity_id) AS p
        GROUP BY l.legal_entity_id, p.skip_reason, p.currency
        ORDER BY l.legal_entity_id, p.skip_reason NULLS FIRST, p.currency
        """

    /// The runs.
    static let runs: SQL = """
        SELECT run_id AS run, legal_entity_id AS legal_entity, description, state, jobs, jobs_completed AS completed,
            customers_reimbursed AS reimbursed, customers_skipped AS skipped, accounting_amount, error
        FROM reimbursement.runs
        ORDER BY run_id
        """

    /// The customers that a run skipped, with their names.
    static func skippedCustomers(of run: Int64) -> SQL {
        """
        SELECT s.customer_account AS customer, c.name, s.skip_reason, s.credit_amount AS credits,
            s.debit_amount AS debits
        FROM reimbursement.skipped_customers AS s
        JOIN reimbursement.customers AS c USING (legal_entity_id, customer_account)
        WHERE s.run_id = \(run)
        ORDER BY s.customer_account
        """
    }

    /// The one-time vendors, and the customers that they stand for.
    static let oneTimeVendors: SQL = """
        SELECT v.legal_entity_id AS legal_entity, v.vendor_account AS vendor, v.name, v.vendor_group,
            v.method_of_payment, v.iban, string_agg(DISTINCT r.customer_account, ', ') AS customer
        FROM reimbursement.vendors AS v
        LEFT JOIN reimbursement.reimbursements AS r USING (legal_entity_id, vendor_account)
        WHERE v.is_one_time
        GROUP BY v.legal_entity_id, v.vendor_account
        ORDER BY v.legal_entity_id, v.vendor_account
        """
}
