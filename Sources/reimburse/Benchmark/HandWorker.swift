import PostgresClient

/// Enqueues and carries out runs on one session, one transaction after the other, as a worker would.
struct HandWorker {
    /// The books to work on.
    let books: BenchmarkBooks

    /// How long the steps of a run took, in milliseconds.
    struct Times: Sendable {
        let enqueue: Double
        let claim: Double
        let transfer: Double

        /// All of them together.
        var sum: Double { enqueue + claim + transfer }
        /// What depends on the run.
        var enqueueAndTransfer: Double { enqueue + transfer }
    }

    /// Enqueues a run of one batch, claims its job and carries it out.
    ///
    /// - Parameters:
    ///   - legalEntity: The legal entity.
    ///   - filter: The filter on its customers.
    ///   - customers: How many customers the run reimburses.
    /// - Returns: How long that took.
    /// - Throws: ``UnfinishedWork`` when it reimbursed another number, ``/PostgresClient/PostgresError``.
    func reimburse(_ legalEntity: String, filter: String?, customers: Int) async throws -> Times {
        let connection = books.connection
        var run: Int64 = 0
        let enqueue = try await Stopwatch.milliseconds { run = try await books.enqueue(legalEntity, filter: filter) }
        var jobs: PostgresRows?
        let claim = try await Stopwatch.milliseconds {
            jobs = try await connection.query("SELECT * FROM reimbursement.claim_jobs('bench', 1)")
        }
        guard let job = jobs?.first else { throw UnfinishedWork("run \(run) has no job that could be claimed") }
        let (number, attempt): (Int64, Int) = (try job.value("job_id"), try job.value("attempt"))
        let transfer = try await Stopwatch.milliseconds {
            try await connection.query(
                """
                BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
                SET LOCAL client_connection_check_interval = '500ms';
                SET LOCAL tcp_keepalives_idle = 10;
                SET LOCAL tcp_keepalives_interval = 5;
                SET LOCAL tcp_keepalives_count = 3;
                SET LOCAL idle_in_transaction_session_timeout = '60s';
                SET LOCAL statement_timeout = 0;
                SET LOCAL lock_timeout = 0;
                SET LOCAL synchronous_commit = on;
                SELECT reimbursement.execute_job(\(legalEntity), \(number), \(attempt));
                COMMIT
                """
            )
        }
        try await books.verify(legalEntity, runsFrom: run, customers: customers)
        return Times(enqueue: enqueue, claim: claim, transfer: transfer)
    }
}
