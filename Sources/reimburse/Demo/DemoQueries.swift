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
            (SELECT count(*) FROM reimbursement.vendors AS v WHERE v.legal_entity_id = l.legal_entity_id) AS vendors,
            (SELECT string_agg(b.bank_account, ', ' ORDER BY b.bank_account) FROM reimbursement.bank_accounts AS b
                WHERE b.legal_entity_id = l.legal_entity_id) AS pays_from
        FROM reimbursement.legal_entities AS l
        ORDER BY l.legal_entity_id
        """

    /// What a reimbursement run with the default choices would do in each legal entity.
    static let reimbursementPreviews: SQL = """
        SELECT l.legal_entity_id AS legal_entity, coalesce(p.skip_reason, 'to be reimbursed') AS outcome, p.currency,
            count(DISTINCT p.customer_account) AS customers, sum(p.amount) AS amount,
            sum(p.accounting_amount) AS accounting_amount, l.accounting_currency
        FROM reimbursement.legal_entities AS l
        CROSS JOIN LATERAL reimbursement.preview_reimbursement(l.legal_entity_id) AS p
        GROUP BY l.legal_entity_id, p.skip_reason, p.currency
        ORDER BY l.legal_entity_id, p.skip_reason NULLS FIRST, p.currency
        """

    /// What the payment runs that wait will do in each legal entity.
    static let paymentPreviews: SQL = """
        SELECT l.legal_entity_id AS legal_entity, coalesce(p.skip_reason, 'to be paid') AS outcome, p.bank_account,
            p.currency, count(*) AS invoices, count(DISTINCT p.payment) AS payments, sum(p.amount) AS amount,
            sum(p.accounting_amount) AS accounting_amount, l.accounting_currency
        FROM reimbursement.legal_entities AS l
        CROSS JOIN LATERAL reimbursement.preview_vendor_payment(
            l.legal_entity_id, due_through => current_date + 30
        ) AS p
        GROUP BY l.legal_entity_id, p.skip_reason, p.bank_account, p.currency
        ORDER BY l.legal_entity_id, p.skip_reason NULLS FIRST, p.currency
        """

    /// The messages of the banks.
    static let bankMessages: SQL = """
        SELECT import_id AS import, legal_entity_id AS legal_entity, message_type, message_id, entries, matched,
            exceptions, reversal_run_id AS reversed_by_run
        FROM reimbursement.bank_messages
        ORDER BY import_id
        """

    /// How many payments have which status, and why some came back.
    static let paymentStatuses: SQL = """
        SELECT legal_entity_id AS legal_entity, bank_account, status, return_code AS reason, count(*) AS payments,
            sum(amount) AS amount, currency
        FROM reimbursement.vendor_payments
        GROUP BY legal_entity_id, bank_account, status, return_code, currency
        ORDER BY legal_entity_id, bank_account, status, return_code
        """

    /// What of the banks' messages a person has to look at.
    static let bankExceptions: SQL = """
        SELECT import_id AS import, exception_number AS exception, legal_entity_id AS legal_entity, problem, entry,
            end_to_end_id, amount, currency
        FROM reimbursement.bank_exceptions
        ORDER BY import_id, exception_number
        """

    /// The runs.
    static let runs: SQL = """
        SELECT run_id AS run, kind, legal_entity_id AS legal_entity, description, state, jobs, processed, skipped,
            accounting_amount
        FROM reimbursement.runs
        ORDER BY run_id
        """

    /// What waits for approval, and who may give it.
    static let pendingApprovals: SQL = """
        SELECT p.run_id AS run, p.kind, p.legal_entity_id AS legal_entity, p.accounting_amount, p.requested_by,
            p.approvals_given AS given, p.approvals_needed AS needed, left(p.digest, 16) || '…' AS digest,
            (SELECT string_agg(d.role_name::text, ', ' ORDER BY d.role_name) FROM reimbursement.duties AS d
                WHERE d.duty = 'approver' AND d.legal_entity_id = p.legal_entity_id) AS waits_for
        FROM reimbursement.pending_approvals AS p
        ORDER BY p.run_id
        """

    /// Who approved what.
    static let approvals: SQL = """
        SELECT run_id AS run, approver, decision, note, left(digest, 16) || '…' AS digest
        FROM reimbursement.run_approvals
        ORDER BY at
        """

    /// What was changed of bank details since the payments.
    static let changes: SQL = """
        SELECT table_name, key, column_name, old_value, new_value, changed_by
        FROM reimbursement.changes
        WHERE legal_entity_id = 'DEMF' AND table_name = 'vendors' AND column_name = 'iban' AND old_value IS NOT NULL
        ORDER BY change_id
        """

    /// The error with which a run failed.
    static func error(of run: Int64) -> SQL {
        """
        SELECT e.message
        FROM reimbursement.job_errors AS e
        JOIN reimbursement.jobs AS j USING (legal_entity_id, job_id)
        WHERE j.run_id = \(run)
        ORDER BY e.at DESC
        """
    }

    /// The runs that wait for a worker.
    static let unfinishedRuns: SQL = """
        SELECT run_id AS run FROM reimbursement.runs WHERE finished_at IS NULL ORDER BY run_id
        """

    /// The customers that were skipped, with their names.
    static let skippedCustomers: SQL = """
        SELECT s.run_id AS run, s.customer_account AS customer, c.name, s.skip_reason, s.credit_amount AS credits,
            s.debit_amount AS debits
        FROM reimbursement.skipped_customers AS s
        JOIN reimbursement.customers AS c USING (legal_entity_id, customer_account)
        ORDER BY s.run_id, s.customer_account
        """

    /// The invoices that were skipped, with the names of their vendors.
    static let skippedInvoices: SQL = """
        SELECT s.run_id AS run, s.invoice_number AS invoice, s.vendor_account AS vendor, v.name, i.currency, i.amount,
            s.skip_reason
        FROM reimbursement.skipped_invoices AS s
        JOIN reimbursement.vendor_invoices AS i USING (legal_entity_id, invoice_number)
        JOIN reimbursement.vendors AS v ON v.legal_entity_id = s.legal_entity_id AND v.vendor_account = s.vendor_account
        ORDER BY s.run_id, s.invoice_number
        """

    /// The one-time vendors, and the customers that they stand for.
    static let oneTimeVendors: SQL = """
        SELECT legal_entity_id AS legal_entity, vendor_account AS vendor, name, vendor_group, method_of_payment, iban,
            customer_account AS customer
        FROM reimbursement.vendors
        WHERE is_one_time
        ORDER BY legal_entity_id, vendor_account
        """

    /// The files for the bank: one message each, in every format.
    static let paymentFiles: SQL = """
        SELECT run_id AS run, bank_account, message_id, payments, control_sum,
            string_agg(format, ', ' ORDER BY format DESC) AS formats,
            pg_size_pretty(max(octet_length(content)) FILTER (WHERE format = 'pain.001.001.09')::bigint) AS size,
            max(left(sha256, 16) || '…') FILTER (WHERE format = 'pain.001.001.09') AS sha256
        FROM reimbursement.payment_files
        GROUP BY run_id, bank_account, message_id, payments, control_sum
        ORDER BY run_id, bank_account
        """

    /// What the files say otherwise than the books, apart from the texts that name the same customers.
    static let paymentFileChanges: SQL = """
        SELECT run_id AS run, payment_number AS payment, field, original, written
        FROM reimbursement.payment_file_changes
        WHERE field <> 'remittance'
        ORDER BY run_id, payment_number, field
        """

    /// Makes room for the balances of different moments.
    static let beginBalances: SQL = """
        CREATE TEMP TABLE balance_history (moment text, account text, name text, currency text, amount numeric)
        """

    /// Keeps the balances of a legal entity as they are now.
    static func keepBalances(_ moment: String, of legalEntity: String) -> SQL {
        """
        INSERT INTO balance_history
        SELECT \(moment), 'customer ' || b.customer_account, c.name, b.currency, b.open_amount
        FROM reimbursement.customer_balances AS b
        JOIN reimbursement.customers AS c USING (legal_entity_id, customer_account)
        WHERE b.legal_entity_id = \(legalEntity)
        UNION ALL
        SELECT \(moment), 'vendor ' || b.vendor_account, v.name, b.currency, b.open_amount
        FROM reimbursement.vendor_balances AS b
        JOIN reimbursement.vendors AS v USING (legal_entity_id, vendor_account)
        WHERE b.legal_entity_id = \(legalEntity)
        UNION ALL
        SELECT \(moment), 'ledger ' || e.ledger_account, 'paid by the bank', e.currency, sum(e.amount)
        FROM reimbursement.ledger_entries AS e
        WHERE e.legal_entity_id = \(legalEntity) AND e.posting_type = 'bank'
        GROUP BY e.ledger_account, e.currency
        """
    }

    /// The balances that were kept, a column a moment.
    static let balances: SQL = """
        SELECT account, name, currency,
            coalesce(sum(amount) FILTER (WHERE moment = 'at_first'), 0.00) AS at_first,
            coalesce(sum(amount) FILTER (WHERE moment = 'reimbursed'), 0.00) AS reimbursed,
            coalesce(sum(amount) FILTER (WHERE moment = 'paid'), 0.00) AS paid,
            coalesce(sum(amount) FILTER (WHERE moment = 'came_back'), 0.00) AS came_back,
            coalesce(sum(amount) FILTER (WHERE moment = 'reversed'), 0.00) AS reversed,
            coalesce(sum(amount) FILTER (WHERE moment = 'in_the_end'), 0.00) AS in_the_end
        FROM balance_history
        GROUP BY account, name, currency
        ORDER BY account, currency
        """
}
