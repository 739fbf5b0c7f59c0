import PostgresClient

extension Queries {
    /// The kind and the legal entity of a run.
    static func kind(of run: Int64) -> SQL {
        "SELECT kind, legal_entity_id FROM reimbursement.runs WHERE run_id = \(run)"
    }

    /// The reimbursement report: every column, or those that fit on a terminal.
    static func reimbursements(_ selection: ReportSelection, isShort: Bool) -> SQL {
        let columns: SQL =
            isShort
            ? """
            run_id AS run, reimbursement_number AS reimbursement, customer_account AS customer, customer_name AS name,
            vendor_account AS vendor, invoice_number AS invoice, currency, amount, accounting_amount AS accounting,
            dimensions, payment_status AS status,
            coalesce(reversed_by, payment_number) AS by
            """
            : """
            run_id, legal_entity_id, reimbursement_number, posting_date, customer_account, customer_name,
            vendor_account, is_one_time_vendor, invoice_number, due_date, currency, amount, accounting_amount,
            dimensions, payment_status, payment_number, paid_on, reversed_by, reversed_payments,
            return_codes
            """
        return """
            SELECT \(columns)
            FROM reimbursement.reimbursement_report
            WHERE \(selection.condition(onDocumentsWith: "reimbursement_number"))
            ORDER BY run_id, legal_entity_id, reimbursement_number
            """
    }

    /// The totals of the reimbursement report, and how much of them is in which state.
    static func reimbursementTotals(_ selection: ReportSelection) -> SQL {
        """
        SELECT legal_entity_id, currency, count(*) AS reimbursements, sum(amount) AS amount,
            sum(accounting_amount) AS accounting_amount,
            coalesce(sum(amount) FILTER (WHERE payment_status = 'open'), 0) AS open,
            coalesce(sum(amount) FILTER (WHERE payment_status = 'paid'), 0) AS paid,
            coalesce(sum(amount) FILTER (WHERE payment_status = 'cancelled'), 0) AS cancelled
        FROM reimbursement.reimbursement_report
        WHERE \(selection.condition(onDocumentsWith: "reimbursement_number"))
        GROUP BY legal_entity_id, currency
        ORDER BY legal_entity_id, currency
        """
    }

    /// The payments to vendors: every column, or those that fit on a terminal.
    static func payments(_ selection: ReportSelection, isShort: Bool) -> SQL {
        let columns: SQL =
            isShort
            ? """
            run_id AS run, payment_number AS payment, payment_date AS date, vendor_account AS vendor, currency, amount,
            accounting_amount AS accounting, method_of_payment AS method, bank_account, creditor_iban,
            array_to_string(invoice_numbers, ', ') AS invoices, status
            """
            : """
            run_id, legal_entity_id, payment_number, vendor_account, payment_date, currency, amount, accounting_amount,
            method_of_payment, bank_account, creditor_name, creditor_iban, end_to_end_id, status, invoice_numbers,
            reversed_by, reversed_on, reversal_reason, return_code
            """
        return """
            SELECT \(columns)
            FROM reimbursement.vendor_payments
            WHERE \(selection.condition(onDocumentsWith: "payment_number"))
            ORDER BY run_id, legal_entity_id, payment_number
            """
    }

    /// The totals of the payments, and how much of them was reversed.
    static func paymentTotals(_ selection: ReportSelection) -> SQL {
        """
        SELECT legal_entity_id, bank_account, currency, count(*) AS payments, sum(amount) AS amount,
            sum(accounting_amount) AS accounting_amount,
            coalesce(sum(amount) FILTER (WHERE status = 'reversed'), 0) AS reversed
        FROM reimbursement.vendor_payments
        WHERE \(selection.condition(onDocumentsWith: "payment_number"))
        GROUP BY legal_entity_id, bank_account, currency
        ORDER BY legal_entity_id, bank_account, currency
        """
    }

    /// What runs left out, and why: customers, invoices and reimbursements.
    static func skipped(_ selection: ReportSelection, isShort: Bool) -> SQL {
        let columns: SQL =
            isShort
            ? """
            run_id AS run, coalesce(customer_account, vendor_account) AS account,
            coalesce(reimbursement_number, invoice_number) AS document, skip_reason, credit_amount AS credits,
            debit_amount AS debits
            """
            : """
            run_id, legal_entity_id, customer_account, vendor_account, reimbursement_number, invoice_number,
            skip_reason, credit_amount, debit_amount
            """
        return """
            SELECT \(columns)
            FROM (
                SELECT run_id, legal_entity_id, customer_account, NULL AS vendor_account, NULL AS reimbursement_number,
                    NULL AS invoice_number, skip_reason, credit_amount, debit_amount
                FROM reimbursement.skipped_customers
                UNION ALL
                SELECT run_id, legal_entity_id, NULL, vendor_account, NULL, invoice_number, skip_reason, NULL, NULL
                FROM reimbursement.skipped_invoices
                UNION ALL
                SELECT run_id, legal_entity_id, customer_account, NULL, reimbursement_number, NULL, skip_reason,
                    NULL, NULL
                FROM reimbursement.skipped_reimbursements
            ) AS s
            WHERE \(selection.condition)
            ORDER BY run_id, legal_entity_id, customer_account, vendor_account, reimbursement_number, invoice_number
            """
    }
}
