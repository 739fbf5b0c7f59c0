import Logging
import PostgresClient
import ReimburseWorker
import ServiceLifecycle
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite("A worker", .timeLimit(.minutes(10)))
struct WorkerTests {
    @Test("carries out a run, and leaves the books right")
    func oneRun() async throws {
        let books = try await Books(customers: 30, in: .migrated())
        try await books.enqueue(batches: 3)
        let outcome = try await CommandRun("worker", "--drain", "--concurrency", "2", database: books.database)
            .outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.output.isEmpty)
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "30")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        let completed = outcome.errors.filter { $0.contains("job completed") }
        #expect(completed.count == 3)
        #expect(completed.allSatisfy { $0.contains("run=1") && $0.contains("job=") && $0.contains("attempt=1") })
    }

    @Test("shares the jobs with another one, and each job is carried out once")
    func twoWorkers() async throws {
        let books = try await Books(customers: 200, in: .migrated())
        try await books.enqueue(batches: 20)
        let workers = try (1...2).map { _ in
            try CommandRun("worker", "--drain", "--concurrency", "2", database: books.database)
        }
        for worker in workers { #expect(await worker.outcome().status == .exited(0)) }
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "200")
        #expect(try await books.value("SELECT sum(attempt) FROM reimbursement.jobs") == "20")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("drains a queue without waiting for what is scheduled for later, or for other queues")
    func drain() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.connection.query(
            """
            SELECT reimbursement.enqueue_reimbursement('USMF', run_at => now() + interval '1 hour');
            SELECT reimbursement.enqueue_reimbursement('USMF', queue => 'other')
            """
        )
        let outcome = try await CommandRun("worker", "--drain", database: books.database).outcome()
        #expect(outcome.status == .exited(0))
        let states = try await books.value("SELECT string_agg(state, ' ' ORDER BY run_id) FROM reimbursement.runs")
        #expect(states == "scheduled ready")
        let other = try await CommandRun("worker", "--drain", "--queue", "other", database: books.database).outcome()
        #expect(other.status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "2")
    }

    @Test("enqueues the recurring runs whose time has come, once however many of them look")
    func recurringRuns() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.connection.query(
            """
            SELECT reimbursement.schedule_run('USMF', 'nightly', 'reimbursement', '0 2 * * *');
            SELECT reimbursement.schedule_run('USMF', 'broken', 'reimbursement', '0 2 * * *');
            UPDATE reimbursement.run_schedules
            SET next_slot = next_slot - interval '3 days', cron = CASE schedule WHEN 'broken' THEN 'x' ELSE cron END
            """
        )
        let workers = try (1...3).map { _ in try CommandRun("worker", "--drain", database: books.database) }
        for worker in workers { #expect(await worker.outcome().status == .exited(0)) }
        #expect(try await books.value("SELECT string_agg(state, ' ') FROM reimbursement.runs") == "completed")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        let broken: SQL = "SELECT last_error FROM reimbursement.schedules WHERE schedule = 'broken'"
        #expect(try await books.value(broken)?.hasSuffix("(RB073)") == true)
    }

    @Test("stops a run that is cancelled while it runs, and goes on with others")
    func cancelled() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        let other = try await books.database.connect()
        // A transfer that waits for a customer is in its middle.
        try await other.query("BEGIN; UPDATE reimbursement.customers SET name = 'x' WHERE customer_account = 'C2'")
        let run = try await books.enqueue()
        let worker = try CommandRun("worker", database: books.database)
        let waiting: SQL = """
            SELECT count(*) = 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        try await books.wait(until: waiting)
        try await books.connection.query("SELECT reimbursement.cancel_run(\(run), 'not this one')")
        try await books.wait(until: "SELECT state = 'cancelled' FROM reimbursement.runs")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
        try await other.query("ROLLBACK")
        try await books.enqueue()
        try await books.wait(until: "SELECT max(state) = 'completed' FROM reimbursement.runs")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        worker.process.send(signal: SIGTERM)
        #expect(await worker.outcome().status == .exited(0))
    }

    @Test("waits for a lock no longer than it is told, says who has it, and tries again")
    func lockTimeout() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        let holder = try await books.database.connect()
        try await holder.query(
            "SET application_name = 'somebody''s psql'; BEGIN; SELECT FROM reimbursement.customers FOR UPDATE"
        )
        let worker = try CommandRun("worker", "--drain", "--lock-timeout", "8", database: books.database)
        let blocked = try await books.rows(
            """
            SELECT b.legal_entity_id, b.run_id, b.waiting_for, b.blocker_application, b.blocker_user = session_user,
                b.blocker_pid = (SELECT pid FROM pg_stat_activity WHERE application_name = 'somebody''s psql'),
                b.waiting_since > now() - interval '1 minute', b.blocker_since < b.waiting_since
            FROM reimbursement.blocked_jobs AS b
            WHERE b.waiting_since IS NOT NULL -- The server takes a moment to write it down.
            """
        )
        #expect(blocked == [["USMF", "1", "customers", "somebody's psql", "t", "t", "t", "t"]])
        try await books.wait(until: "SELECT count(*) > 0 FROM reimbursement.job_errors WHERE sqlstate = '55P03'")
        try await worker.waitForError(containing: "another session has")
        try await holder.query("ROLLBACK")
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("another session has") && $0.contains("blocker_pid=") })
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
    }

    @Test("ends an attempt that takes longer than the timeout of its run, which is a failure")
    func timeout() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.connection.query(
            "SELECT reimbursement.enqueue_reimbursement('USMF', timeout => '1 second', max_attempts => 2)"
        )
        let outcome = try await CommandRun("worker", "--drain", database: books.database).outcome()
        #expect(outcome.status == .exited(0))
        let job = try await books.connection.query("SELECT state, attempt, failed_attempts FROM reimbursement.jobs")
        #expect(job.map(\.texts) == [["failed", "2", "2"]])
        let errors = try await books.connection.query(
            "SELECT kind, sqlstate, message LIKE '%the timeout of the run is 1.0 seconds' FROM reimbursement.job_errors"
        )
        #expect(errors.map(\.texts) == Array(repeating: ["failed", "57014", "t"], count: 2))
        await holder.close()
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
    }

    @Test("says that it is there, what it works on, and when it is not any more")
    func listed() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        #expect(try await books.value("SELECT why FROM reimbursement.waiting_jobs") == "no_worker")
        let worker = try CommandRun("worker", "--concurrency", "3", database: books.database)
        try await books.waitForBlockedTransfers()
        let rows = try await books.connection.query(
            "SELECT queue, slots, running, seen_at >= started_at FROM reimbursement.workers"
        )
        #expect(rows.map(\.texts) == [["default", "3", "1", "t"]])
        #expect(try await books.value("SELECT why FROM reimbursement.waiting_jobs") == "locked")
        await holder.close()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.jobs")
        worker.process.send(signal: 15)
        #expect(await worker.outcome().status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.workers") == "0")
    }

    @Test("hears of a new run at once, long before it would look by itself")
    func notified() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let worker = Worker(
            WorkerConfiguration(
                postgres: PostgresConfiguration(database: books.database.connectionString),
                pollInterval: .seconds(600)
            ),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let group = ServiceGroup(services: [worker], logger: Logger(label: "test"))
        let work = Task { try await group.run() }
        try await books.wait(
            until:
                """
                SELECT count(*) = 1 FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'
                """
        )
        try await books.enqueue()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        await group.triggerGracefulShutdown()
        try await work.value
    }

    @Test("does not listen when it is told not to, and finds a new run all the same")
    func pollOnly() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let worker = try CommandRun(
            "worker",
            "--poll-only",
            "--poll-interval",
            "0.2",
            database: books.database
        )
        try await books.enqueue()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        let listening: SQL = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'LISTEN%'
            """
        #expect(try await books.value(listening) == "0")
        worker.process.send(signal: SIGTERM)
        #expect(await worker.outcome().status == .exited(0))
        let wrong = try await CommandRun("worker", "--poll-interval", "0", database: books.database).outcome()
        #expect(wrong.status == .exited(64))
    }

    @Test("waits for a server that has too many connections when it starts")
    func tooManyConnections() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        let role = "\(try await books.value("SELECT current_database()") ?? "")_worker"
        try await books.connection.query(
            """
            CREATE ROLE \(identifier: role) LOGIN CONNECTION LIMIT 0;
            SELECT reimbursement.grant_duty(\(role)::name, 'worker')
            """
        )
        let login = "\(books.database.connectionString) user='\(role)'"
        let worker = try CommandRun(["worker", "--drain", "--database", login], database: nil)
        try await worker.waitForError(containing: "takes no connection yet")
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "ready")
        try await books.connection.query("ALTER ROLE \(identifier: role) CONNECTION LIMIT 20")
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("takes no connection yet") && $0.contains("sqlstate=53300") })
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
    }

    @Test("finds a new run without being told of it")
    func polled() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let worker = try CommandRun("worker", database: books.database)
        let listening: SQL = """
            SELECT count(*) = 1 FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'LISTEN%'
            """
        try await books.wait(until: listening)
        // Announced on the channel of another queue, the run is there without a word on this one's.
        try await books.connection.query(
            """
            SELECT reimbursement.enqueue_reimbursement('USMF', queue => 'other');
            UPDATE reimbursement.jobs SET queue = 'default'
            """
        )
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        worker.process.send(signal: 15)
        #expect(await worker.outcome().status == .exited(0))
    }

    @Test("fails a run at once whose error cannot be mended by trying again, and says why")
    func permanentError() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        try await books.connection.query("UPDATE reimbursement.ledger_periods SET is_open = false")
        let outcome = try await CommandRun("worker", "--drain", database: books.database).outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("attempt failed") && $0.contains("sqlstate=RB") })
        let row = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(row == ["failed", "1"])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors WHERE kind = 'failed'") == "1")
    }

    @Test("throws at the beginning when there is no server")
    func unreachable() async throws {
        let worker = Worker(
            WorkerConfiguration(postgres: PostgresConfiguration(database: "host=/nonexistent")),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let error = await #expect(throws: PostgresError.self) { try await worker.run() }
        #expect(error?.sqlState == .unableToConnect)
    }
}
