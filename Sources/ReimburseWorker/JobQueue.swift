import PostgresClient
import ReimburseSchema

/// The queue in the database: the one place where the worker speaks SQL.
///
/// Each transaction is one message with settings of its own, so that it passes through a pooler in transaction mode
/// and leaves nothing behind on the session.
struct JobQueue {
    /// The connection that the statements go out on.
    let connection: PostgresConnection
    /// How long a job waits for a lock; zero is for ever.
    var lockTimeout: Duration = .zero

    /// How long the answer to anything but a transfer is waited for: a minute, as a pooler may be busy.
    private static let patience = Duration.seconds(60)

    /// The channel on which a queue says that it has something new.
    static func channel(of queue: String) -> String { "reimbursement.\(queue)" }

    /// Claims jobs in a transaction of their own, durably: an attempt is counted before it runs.
    ///
    /// - Parameters:
    ///   - worker: The name of the worker.
    ///   - passes: How many passes it can carry out now, each in one transaction.
    ///   - jobsPerPass: How many small jobs may share a pass.
    ///   - queue: The queue to take them from.
    /// - Returns: The claimed jobs by pass, at most `passes`.
    /// - Throws: ``/PostgresClient/PostgresError``, or `CancellationError` when the task was cancelled.
    func claim(worker: String, passes: Int, jobsPerPass: Int, queue: String) async throws -> [JobPass] {
        let rows = try await transaction(
            """
            SET LOCAL synchronous_commit = on;
            SELECT pass, legal_entity_id, job_id, run_id, attempt, kind, waited_seconds, timeout_seconds
            FROM reimbursement.claim_passes(\(worker), \(passes), \(jobsPerPass), \(queue))
            ORDER BY pass, job_id
            """
        )
        var claimed: [JobPass] = []
        var last: Int64?
        for row in rows {
            let job = ClaimedJob(
                legalEntity: try row.value("legal_entity_id"),
                job: try row.value("job_id"),
                run: try row.value("run_id"),
                attempt: try row.value("attempt"),
                kind: try row.value("kind"),
                waited: .seconds(try row.value("waited_seconds") as Double),
                timeout: (try row.optional("timeout_seconds") as Double?).map { .seconds($0) }
            )
            let pass: Int64 = try row.value("pass")
            if pass == last {
                claimed[claimed.count - 1].jobs.append(job)
            } else {
                claimed.append(JobPass(jobs: [job]))
            }
            last = pass
        }
        return claimed
    }

    /// Carries out the jobs of a pass: all of their effects and their end, in one transaction.
    ///
    /// - Parameter pass: The jobs.
    /// - Returns: The jobs that were carried out; the others were put off, and are ready to be claimed again.
    /// - Throws: ``/PostgresClient/PostgresError``, or `CancellationError` when the task was cancelled.
    ///
    /// That it begins is committed before, in the same message, so that its end is noticed at once, whatever it is.
    /// The settings are made before the function's statement begins, where alone they work: the server notices within
    /// half a second that this worker is gone, within half a minute that its host is, and ends a transaction in which
    /// nothing happens for a minute. A transfer takes the time it takes, whatever timeouts the role has, or that of its
    /// run; for a lock it waits no longer than it was told to.
    func execute(_ pass: JobPass) async throws -> Set<Int64> {
        let timeout = pass.timeout.map { max(Int64($0 / .milliseconds(1)), 1) } ?? 0
        let rows = try await transaction(
            """
            SET LOCAL synchronous_commit = off;
            SELECT reimbursement.begin_jobs(\(pass.legalEntity), \(pass.jobIdentifiers), \(pass.attempts));
            COMMIT;
            BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
            \(Self.untimed);
            SET LOCAL client_connection_check_interval = '500ms';
            SET LOCAL tcp_keepalives_idle = 10;
            SET LOCAL tcp_keepalives_interval = 5;
            SET LOCAL tcp_keepalives_count = 3;
            SET LOCAL idle_in_transaction_session_timeout = '60s';
            SET LOCAL statement_timeout = \("\(timeout)ms");
            SET LOCAL lock_timeout = \("\(lockTimeout.components.seconds)s");
            SET LOCAL synchronous_commit = on;
            SELECT job_id
            FROM reimbursement.execute_jobs(\(pass.legalEntity), \(pass.jobIdentifiers), \(pass.attempts)) AS job_id
            """,
            within: nil
        )
        return Set(try rows.map { try $0.value("job_id") })
    }

    /// Gives the jobs of a pass back at no cost: they could not be carried out together, or are stopped.
    ///
    /// - Parameters:
    ///   - pass: The jobs.
    ///   - mayShare: Whether they may be put together with others as before; else each is carried out by itself.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func release(_ pass: JobPass, mayShare: Bool) async throws {
        try await transaction(
            """
            SELECT reimbursement.release_jobs(
                \(pass.legalEntity), \(pass.jobIdentifiers), \(pass.attempts), \(mayShare))
            """
        )
    }

    /// Ends the attempts of a pass that failed or was lost, and finds out what became of its jobs.
    ///
    /// - Parameters:
    ///   - pass: The attempts.
    ///   - failure: Why they ended.
    /// - Returns: The jobs' states now, in their order; `completed` when a commit whose answer was lost did happen, `nil`
    ///   when the attempt owned nothing any more.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func fail(_ pass: JobPass, because failure: AttemptFailure) async throws -> [String?] {
        let rows = try await transaction(
            """
            SELECT reimbursement.fail_job(
                \(pass.legalEntity), job_id, attempt,
                \(failure.kind.rawValue), \(failure.sqlState.rawValue), \(failure.message)) AS state
            FROM unnest(\(pass.jobIdentifiers)::bigint[], \(pass.attempts)::int[]) AS jobs (job_id, attempt)
            """
        )
        return try rows.map { try $0.optional("state") }
    }

    /// Which of some jobs belong to runs that are to be cancelled.
    func cancelled(_ jobs: [Int64]) async throws -> Set<Int64> {
        let rows = try await transaction("SELECT job_id FROM reimbursement.cancelled_jobs(\(jobs)) AS job_id")
        return Set(try rows.map { try $0.value("job_id") })
    }

    /// Which of some attempts are over, as far as the database knows: ended, or somebody else's.
    func over(_ attempts: [(job: Int64, attempt: Int)]) async throws -> Set<Int64> {
        let rows = try await transaction(
            """
            SELECT job_id FROM reimbursement.ended_attempts(\(attempts.map(\.job)), \(attempts.map(\.attempt))) AS job_id
            """
        )
        return Set(try rows.map { try $0.value("job_id") })
    }

    /// Says that a worker is there and which jobs it has, and gives back what it has claimed without knowing.
    ///
    /// - Parameters:
    ///   - configuration: The worker.
    ///   - jobs: The jobs that it has.
    /// - Returns: How many jobs were given back.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func report(_ configuration: WorkerConfiguration, having jobs: [Int64]) async throws -> Int {
        let interval = "\(configuration.pollInterval / .milliseconds(1)) milliseconds"
        return try await transaction(
            """
            SET LOCAL synchronous_commit = off;
            SELECT reimbursement.report_worker(
                \(configuration.name), \(configuration.queue), \(configuration.concurrency), \(interval)::interval,
                \("\(SchemaVersion.carried)"), \(jobs)) AS given_back
            """
        )[0].value("given_back")
    }

    /// Says that a worker ends.
    func retire(worker: String) async throws {
        try await transaction("SELECT reimbursement.retire_worker(\(worker))")
    }

    /// Refuses a schema that has become another than that which this program works with.
    ///
    /// - Throws: ``/ReimburseSchema/SchemaVersionError``, or ``/PostgresClient/PostgresError``.
    func checkSchema() async throws {
        let rows = try await transaction("SELECT pg_catalog.max(version) AS version FROM reimbursement.migrations")
        try SchemaVersion.check(rows[0].optional("version"))
    }

    /// Gives back the jobs whose worker or backend is gone.
    func rescue() async throws -> [RescuedJob] {
        let rows = try await transaction(
            "SELECT legal_entity_id, job_id, run_id, attempt, state FROM reimbursement.rescue_jobs()"
        )
        return try rows.map { row in
            RescuedJob(
                legalEntity: try row.value("legal_entity_id"),
                job: try row.value("job_id"),
                run: try row.value("run_id"),
                attempt: try row.value("attempt"),
                state: try row.optional("state") ?? "taken over"
            )
        }
    }

    /// Enqueues the runs of the schedules that are due, of all queues and legal entities.
    ///
    /// - Returns: How many runs.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func enqueueDueRuns() async throws -> Int {
        try await transaction("SELECT reimbursement.enqueue_due_runs() AS runs")[0].value("runs")
    }

    /// Keeps the table of jobs small: makes its next partition ahead, and takes old ones a step further on their way out.
    ///
    /// - Returns: How many partitions were dropped.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func tend() async throws -> Int {
        try await transaction("SELECT reimbursement.tend_jobs() AS dropped")[0].value("dropped")
    }

    /// The jobs of a worker that have been waiting for a lock for some seconds, and who has it.
    func blocked(worker: String) async throws -> [BlockedJob] {
        let rows = try await transaction(
            """
            SELECT legal_entity_id, job_id, run_id, waiting_for, blocker_pid, blocker_user, blocker_application,
                blocker_since
            FROM reimbursement.blocked_jobs
            WHERE worker = \(worker) AND waiting_since < now() - interval '5 seconds'
            """
        )
        return try rows.map { row in
            BlockedJob(
                legalEntity: try row.value("legal_entity_id"),
                job: try row.value("job_id"),
                run: try row.value("run_id"),
                waitingFor: try row.value("waiting_for"),
                blocker: try row.value("blocker_pid"),
                blockerUser: try row.optional("blocker_user"),
                blockerApplication: try row.optional("blocker_application"),
                blockerSince: try row.optional("blocker_since")
            )
        }
    }

    /// Whether no job of a queue is ready, running or waiting for its next attempt.
    func isDrained(_ queue: String) async throws -> Bool {
        try await transaction("SELECT reimbursement.queue_drained(\(queue)) AS drained")[0].value("drained")
    }

    /// Lets a transaction take its time, also where the role has a transaction_timeout, which PostgreSQL 17 knows.
    private static let untimed: SQL = """
        SELECT pg_catalog.set_config('transaction_timeout', '0', true)
        WHERE pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL
        """

    /// Executes statements as one transaction in one message, and leaves none open when it fails.
    ///
    /// The functions count on seeing what others have committed while they waited for a lock, whatever isolation the
    /// database or the role has by default. Where nobody answers in time, the connection is given up; a transfer has the
    /// time it takes.
    @discardableResult
    private func transaction(_ statements: SQL, within limit: Duration? = Self.patience) async throws -> PostgresRows {
        let message: SQL = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \(Self.untimed); \(statements); COMMIT"
        do {
            if let limit { return try await connection.query(message, within: limit) }
            return try await connection.query(message)
        } catch {
            await connection.rollBack()
            throw error
        }
    }
}
