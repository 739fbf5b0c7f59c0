import PostgresClient

/// What has to hold when the killing is over.
struct Verdict {
    let session: Session
    let tally: Tally

    /// Takes up again what chaos brought to its end: runs that failed by what passes, and were not cancelled.
    static let retry: SQL = """
        SELECT reimbursement.retry_run(run_id) FROM (
            SELECT DISTINCT run_id FROM reimbursement.jobs AS j
            WHERE state = 'failed' AND last_error !~ 'SQLSTATE RB'
                AND NOT EXISTS (SELECT FROM reimbursement.cancel_requests AS c WHERE c.run_id = j.run_id)
        ) AS failed
        """

    /// Lets people go, and the workers finish.
    func drain(within limit: Duration = .seconds(180)) async throws {
        _ = try await session.insist(
            """
            UPDATE reimbursement.customer_transactions SET marked_for = NULL WHERE marked_for IS NOT NULL;
            UPDATE reimbursement.customers SET on_hold_from = NULL WHERE on_hold_from IS NOT NULL;
            SELECT reimbursement.resume_queue(queue) FROM reimbursement.queues WHERE is_paused
            """
        )
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            _ = try await session.insist(Self.retry)
            let rows = try await session.insist(
                "SELECT count(*) FROM reimbursement.jobs WHERE state NOT IN ('completed', 'failed', 'cancelled')"
            )
            if rows[0].texts == ["0"] { return }
            try await Task.sleep(for: .milliseconds(250))
        }
        let waiting = try await session.insist(
            """
            SELECT job_id, queue, state, attempt, last_error,
                (SELECT why FROM reimbursement.waiting_jobs AS w WHERE w.job_id = j.job_id)
            FROM reimbursement.jobs AS j WHERE state NOT IN ('completed', 'failed', 'cancelled') ORDER BY job_id LIMIT 5
            """
        )
        tally.violation("jobs are unfinished after \(limit): \(waiting.map(\.texts))")
    }

    /// Has all that is left reimbursed: afterwards no credit may be open.
    func reimburseRest() async throws {
        for entity in Company.legalEntities {
            let rows = try await session.insist(
                """
                SELECT reimbursement.enqueue_reimbursement(\(entity), include_open_debits => true,
                    net_open_debits => true, idempotency_key => 'rest') AS run
                """
            )
            tally.committed(runs: [try rows[0].value("run")])
        }
        try await drain()
    }

    /// The number of checks that were made.
    func judge() async throws -> Int {
        for (rule, query) in checks {
            let rows = try await session.insist(query)
            for row in rows.prefix(5) {
                tally.violation("\(rule): \(row.texts.map { $0 ?? "null" }.joined(separator: ", "))")
            }
        }
        return checks.count
    }

    private var checks: KeyValuePairs<String, SQL> {
        [
            "the books are wrong": "SELECT * FROM reimbursement.check_books()",
            "a credit is still open": """
            SELECT legal_entity_id, customer_account, open_amount, source_reference
            FROM reimbursement.customer_transactions WHERE open_amount < 0
            """,
            "a credit was reimbursed twice": """
            SELECT s.legal_entity_id, s.credit_transaction_id, count(*)
            FROM reimbursement.settlements AS s
            INNER JOIN reimbursement.customer_transactions AS d
                ON d.legal_entity_id = s.legal_entity_id AND d.customer_transaction_id = s.debit_transaction_id
            WHERE d.transaction_type = 'reimbursement' AND s.undoes_settlement_id IS NULL AND NOT EXISTS (
                SELECT FROM reimbursement.settlements AS u
                WHERE u.legal_entity_id = s.legal_entity_id AND u.undoes_settlement_id = s.settlement_id)
            GROUP BY s.legal_entity_id, s.credit_transaction_id HAVING count(*) > 1
            """,
            "a customer got more or less than what was loaded": """
            SELECT legal_entity_id, customer_account, loaded, coalesce(reimbursed, 0), still_open
            FROM (
                SELECT legal_entity_id, customer_account, sum(open_amount) AS still_open,
                    coalesce(sum(amount) FILTER (WHERE source_reference IS NOT NULL), 0) AS loaded
                FROM reimbursement.customer_transactions GROUP BY legal_entity_id, customer_account
            ) AS t
            LEFT JOIN (
                SELECT legal_entity_id, customer_account, sum(amount) AS reimbursed
                FROM reimbursement.reimbursement_report WHERE reversed_by IS NULL
                GROUP BY legal_entity_id, customer_account
            ) AS r USING (legal_entity_id, customer_account)
            WHERE loaded + coalesce(reimbursed, 0) <> still_open
            """,
            "an invoice was paid twice": """
            SELECT legal_entity_id, invoice, count(*)
            FROM reimbursement.vendor_payments, unnest(invoice_numbers) AS invoice
            WHERE status <> 'reversed' GROUP BY legal_entity_id, invoice HAVING count(*) > 1
            """,
            "reimbursement numbers have gaps": """
            SELECT legal_entity_id, count(*), max(right(reimbursement_number, 8)::int)
            FROM reimbursement.reimbursements GROUP BY legal_entity_id
            HAVING count(*) <> max(right(reimbursement_number, 8)::int)
            """,
            "a customer has two one-time vendors": """
            SELECT legal_entity_id, customer_account, count(*) FROM reimbursement.vendors
            WHERE is_one_time GROUP BY legal_entity_id, customer_account HAVING count(*) > 1
            """,
            "a run that was answered for is gone": """
            SELECT run FROM unnest(\(tally.runs)::bigint[]) AS run
            WHERE NOT EXISTS (SELECT FROM reimbursement.run_requests AS r WHERE r.run_id = run)
            """,
            "a load that was answered for is gone": """
            SELECT reference FROM unnest(\(tally.references)::text[]) AS reference
            WHERE NOT EXISTS (
                SELECT FROM reimbursement.customer_transactions AS t WHERE t.source_reference = reference)
            """,
            "an attempt ended by what is not chaos's": """
            SELECT sqlstate, count(*), min(message) FROM reimbursement.job_errors
            WHERE left(sqlstate, 2) NOT IN ('08', '40', '53', '55', '57', 'RB') GROUP BY sqlstate
            """,
            "a job failed and cannot be taken up again": """
            SELECT run_id, kind, state, last_error FROM reimbursement.jobs AS j
            WHERE state = 'failed' AND last_error !~ 'SQLSTATE RB'
                AND NOT EXISTS (SELECT FROM reimbursement.cancel_requests AS c WHERE c.run_id = j.run_id)
            """,
            "a job was completed by an attempt whose place another had taken": """
            SELECT c.job, c.attempt, j.attempt, j.state
            FROM unnest(\(tally.completed.map(\.job))::bigint[], \(tally.completed.map(\.attempt))::bigint[])
                AS c (job, attempt)
            LEFT JOIN reimbursement.jobs AS j ON j.job_id = c.job
            WHERE (j.state = 'completed' AND j.attempt = c.attempt) IS NOT TRUE
            """,
            "a cancelled run's job waits or runs": """
            SELECT run_id, state FROM reimbursement.jobs INNER JOIN reimbursement.cancel_requests USING (run_id)
            WHERE state NOT IN ('completed', 'failed', 'cancelled')
            """,
        ]
    }

    /// Whether sessions of workers are left once there are no workers.
    func judgeSessions() async throws -> Int {
        let left: SQL = """
            SELECT pid, state, left(query, 60) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE 'reimburse%'
            """
        for _ in 0..<100 {
            if try await session.insist(left).isEmpty { return 1 }
            try await Task.sleep(for: .milliseconds(100))
        }
        tally.violation("a session is left: \(try await session.insist(left).map(\.texts))")
        return 1
    }
}
