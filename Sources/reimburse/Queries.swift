import PostgresClient

/// The statements of the command: what it asks the database for.
enum Queries {
    /// Enqueues a run; returns `run_id`.
    static func enqueue(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.enqueue_reimbursement(\(NamedArgument.list(arguments))) AS run_id"
    }

    /// What a run would do.
    static func preview(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT customer_account, currency, dimensions, amount, accounting_amount, netted_amount, vendor_account,
            new_vendor, skip_reason
        FROM reimbursement.preview_reimbursement(\(NamedArgument.list(arguments)))
        """
    }

    /// Runs as a whole, the latest first.
    static func runs(run: Int64?, limit: Int) -> SQL {
        """
        SELECT run_id, kind, legal_entity_id, state, jobs, jobs_completed, customers_reimbursed, customers_skipped,
            accounting_amount, requested_by, date_trunc('second', requested_at) AS requested_at,
            date_trunc('second', finished_at) AS finished_at, error
        FROM reimbursement.runs
        WHERE run_id = coalesce(\(run)::bigint, run_id)
        ORDER BY run_id DESC
        LIMIT \(limit)
        """
    }

    /// How far runs are: those that are not finished, and those named.
    ///
    /// A batch that is still in its transaction counts by the steps that it has reached. Steps are read from the names
    /// of sessions, which anybody may choose, so that the sum is kept within bounds.
    static func progress(of runs: [Int64], only run: Int64?) -> SQL {
        """
        SELECT r.run_id, r.legal_entity_id, r.kind, r.state, r.jobs, r.jobs_completed, r.customers_reimbursed,
            r.customers_skipped, r.error, p.step_name, r.state IN ('ready', 'running') AS is_unfinished,
            
            trunc(least(greatest(100 * (r.jobs_completed + coalesce(p.batches, 0)) / r.jobs, 0), 100))::int AS percent
        FROM reimbursement.runs AS r
        LEFT JOIN LATERAL (
            SELECT sum((j.step - 1)::numeric / nullif(j.steps, 0)) AS batches, min(j.step_name) AS step_name
            FROM reimbursement.job_progress AS j
            WHERE j.legal_entity_id = r.legal_entity_id AND j.run_id = r.run_id
        ) AS p ON true
        WHERE r.run_id = coalesce(\(run)::bigint, r.run_id)
            AND (
                r.state IN ('ready', 'running')
                OR r.run_id = \(run)::bigint
                OR r.run_id = ANY (\("{\(runs.map(String.init).joined(separator: ","))}")::bigint[])
            )
        ORDER BY r.run_id
        """
    }

    /// How a run stands.
    static func state(of run: Int64) -> SQL {
        "SELECT state, finished_at IS NOT NULL AS is_finished, error FROM reimbursement.runs WHERE run_id = \(run)"
    }

    /// The reimbursement report: every column, or those that fit on a terminal.
    static func report(_ selection: ReportSelection, isShort: Bool) -> SQL {
        let columns: SQL =
            isShort
            ? """
            run_id AS run, reimbursement_number AS reimbursement, customer_account AS customer, customer_name AS name,
            vendor_account AS vendor, is_one_time_vendor AS one_time, invoice_number AS invoice, currency, amount,
            accounting_amount AS accounting, dimensions, payment_status AS status
            """
            : """
            run_id, legal_entity_id, reimbursement_number, posting_date, customer_account, customer_name,
            vendor_account, is_one_time_vendor, invoice_number, due_date, currency, amount, accounting_amount,
            dimensions, payment_status, payment_number, paid_on, reversed_by
            """
        return """
            SELECT \(columns)
            FROM reimbursement.reimbursement_report
            WHERE \(selection.condition)
            ORDER BY run_id, legal_entity_id, reimbursement_number
            """
    }

    /// The totals of the reimbursement report.
    static func totals(_ selection: ReportSelection) -> SQL {
        """
        SELECT legal_entity_id, currency, count(*) AS reimbursements, sum(amount) AS amount,
            sum(accounting_amount) AS accounting_amount
        FROM reimbursement.reimbursement_report
        WHERE \(selection.condition)
        GROUP BY legal_entity_id, currency
        ORDER BY legal_entity_id, currency
        """
    }

    /// The customers that were left out, and why.
    static func skippedCustomers(_ selection: ReportSelection) -> SQL {
        """
        SELECT run_id, legal_entity_id, customer_account, skip_reason, credit_amount, debit_amount
        FROM reimbursement.skipped_customers
        WHERE \(selection.condition)
        ORDER BY run_id, legal_entity_id, customer_account
        """
    }

    /// Everything that is wrong with the books.
    static func violations(legalEntity: String?) -> SQL {
        """
        SELECT legal_entity_id, rule, reference, expected, found
        FROM reimbursement.check_books(\(legalEntity)::text)
        """
    }
}

/// Which rows of a report are wanted.
struct ReportSelection {
    /// The run, or all.
    var run: Int64?
    /// The legal entity, or all.
    var legalEntity: String?

    /// The condition in SQL.
    fileprivate var condition: SQL {
        """
        run_id = coalesce(\(run)::bigint, run_id)
            AND legal_entity_id = coalesce(\(legalEntity)::text, legal_entity_id)
        """
    }
}

/// An argument for a function in the database, by its name there.
struct NamedArgument {
    private let sql: SQL

    /// An argument that was given, or `nil` for one that was not: the database then has its default.
    init?(_ name: String, _ value: (some PostgresEncodable)?) {
        guard let value else { return nil }
        sql = "\(identifier: name) => \(value)"
    }

    /// The arguments as a function takes them.
    static func list(_ arguments: [NamedArgument]) -> SQL {
        SQL(joining: arguments.map(\.sql), separator: ", ")
    }
}
