import PostgresClient
import PrivatePostgres
import ReimburseSchema
import TestSupport
import Testing

@Suite("A transfer survives", .timeLimit(.minutes(10)))
struct FaultTests {
    private static let kill: Int32 = 9
    private static let terminate: Int32 = 15

    @Test("the SIGKILL of its worker: its locks are free soon, and another worker carries it out once")
    func killedWorker() async throws {
        let books = try await Books(customers: 10, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun("worker", database: books.database)
        try await books.waitForBlockedTransfers()
        worker.process.send(signal: Self.kill)
        #expect(await worker.outcome().status == .signalled(Self.kill))
        // Nobody tells the backend, which waits for the numbers; it has to find out by itself.
        let free: SQL = "SELECT count(*) = 1 FROM (SELECT FROM reimbursement.jobs FOR UPDATE SKIP LOCKED) AS j"
        try await books.wait(until: free)
        await holder.close()

        let rescuer = try await CommandRun("worker", "--drain", database: books.database).outcome()
        #expect(rescuer.status == .exited(0))
        #expect(rescuer.errors.contains { $0.contains("found an attempt that was lost") })
        let job = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(job == ["completed", "2"])
        let errors = try await books.connection.query("SELECT attempt, kind FROM reimbursement.job_errors")
        #expect(errors.map(\.texts) == [["1", "lost"]])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "10")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("the SIGKILL of a worker in the middle of a payment run: every invoice is paid once, and the file is one")
    func killedPayment() async throws {
        let books = try await Books(customers: 10, in: .migrated())
        try await books.reimburse()
        let run = try await books.enqueuePayment(batches: 2)
        // Nobody can write to the ledger: one batch has its payments and settlements, the other waits for its numbers.
        let holder = try await books.database.connect()
        try await holder.query("BEGIN; LOCK TABLE reimbursement.ledger_entries IN SHARE MODE")
        let worker = try CommandRun("worker", "--concurrency", "2", database: books.database)
        try await books.waitForBlockedTransfers(2)
        worker.process.send(signal: Self.kill)
        #expect(await worker.outcome().status == .signalled(Self.kill))
        try await books.waitForBlockedTransfers(0)
        #expect(try await books.value("SELECT count(*) FROM reimbursement.payments") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        await holder.close()

        let rescuer = try await CommandRun("worker", "--drain", "--concurrency", "2", database: books.database)
            .outcome()
        #expect(rescuer.status == .exited(0))
        let jobs = try await books.connection.query(
            "SELECT state, attempt, processed FROM reimbursement.jobs WHERE run_id = \(run)"
        )
        #expect(jobs.map(\.texts) == [["completed", "2", "5"], ["completed", "2", "5"]])
        let payments = try await books.connection.query(
            """
            SELECT count(*) AS payments, count(DISTINCT invoice_numbers) AS invoices, max(payment_number) AS last_number,
                sum(amount) AS amount
            FROM reimbursement.vendor_payments
            """
        )[0].texts
        #expect(payments == ["10", "10", "PAY-00000010", "100.00"])
        let files = try await books.connection.query(
            "SELECT format, payments, control_sum FROM reimbursement.payment_files ORDER BY format"
        )
        #expect(files.map(\.texts) == ["csv", "pain.001.001.03", "pain.001.001.09"].map { [$0, "10", "100.00"] })
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test(
        "a transaction_timeout of the database that is shorter than it takes",
        .enabled("PostgreSQL 17 brought it") { try await SharedCluster.version >= 17 }
    )
    func transactionTimeout() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let name = try #require(try await books.value("SELECT current_database()"))
        try await books.connection.query("ALTER DATABASE \(identifier: name) SET transaction_timeout = '1s'")
        let worker = try CommandRun("worker", "--drain", database: books.database)
        try await books.waitForBlockedTransfers()
        try await Task.sleep(for: .seconds(3))
        await holder.close()
        #expect(await worker.outcome().status == .exited(0))
        #expect(try await books.value("SELECT state || ' ' || attempt FROM reimbursement.jobs") == "completed 1")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
    }

    @Test("the end of its session, and is tried again by the same worker")
    func terminatedBackend() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun("worker", "--drain", database: books.database)
        try await books.waitForBlockedTransfers()
        try await books.connection.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%execute_job%' AND wait_event_type = 'Lock'
            """
        )
        await holder.close()
        #expect(await worker.outcome().status == .exited(0))
        let job = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(job == ["completed", "2"])
        // A slow worker is told what it would have said: that the job's session is gone.
        let error = try await books.rows("SELECT kind, sqlstate FROM reimbursement.job_errors")
        #expect([[["failed", "57P01"]], [["lost", "08006"]]].contains(error))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
    }

    @Test("the loss of the answer to its COMMIT: its worker asks what became of it, and nothing is done twice")
    func lostCommitAnswer() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.enqueue()
        let relay = try await Relay(to: SharedCluster.task.value, losingCommitOf: "execute_jobs(")
        defer { relay.end() }
        let outcome = try await CommandRun("worker", "--drain", database: relay.database(books.database)).outcome()
        #expect(relay.hasLostAnswer)
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("attempt lost") && $0.contains("sqlstate=08006") })
        #expect(outcome.errors.contains { $0.contains("job completed, though the answer of its commit was lost") })
        let job = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(job == ["completed", "1"])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("the loss of the answer to the COMMIT of a pass: none of its jobs is done twice")
    func lostCommitAnswerOfPass() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.connection.query(
            """
            SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => format('C%s', i))
            FROM generate_series(1, 3) AS i
            """
        )
        let relay = try await Relay(to: SharedCluster.task.value, losingCommitOf: "execute_jobs(")
        defer { relay.end() }
        let outcome = try await CommandRun("worker", "--drain", database: relay.database(books.database)).outcome()
        #expect(relay.hasLostAnswer)
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("pass lost") })
        #expect(outcome.errors.count { $0.contains("job completed, though the answer of its commit was lost") } == 3)
        let jobs = try await books.connection.query(
            "SELECT state, attempt, lost_attempts FROM reimbursement.jobs"
        )
        #expect(jobs.map(\.texts) == Array(repeating: ["completed", "1", "0"], count: 3))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("the loss of the answer to its claim: the job that nobody knows of is given back, and carried out once")
    func lostClaimAnswer() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.enqueue()
        let relay = try await Relay(to: SharedCluster.task.value, losingCommitOf: "claim_passes(")
        defer { relay.end() }
        let outcome = try await CommandRun("worker", "--drain", database: relay.database(books.database)).outcome()
        #expect(relay.hasLostAnswer)
        #expect(outcome.status == .exited(0))
        let job = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(job == ["completed", "2"])
        #expect(outcome.errors.contains { $0.contains("gave back jobs that were claimed without an answer") })
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("a restart of the server, and the worker that had begun it carries it out in the end")
    func serverRestart() async throws {
        let cluster = try await PrivateCluster.start()
        let database = TestDatabase(on: cluster)
        _ = try await Migrator().migrate(try await database.connect())
        let books = try await Books(customers: 5, in: database)
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun("worker", database: database)
        try await books.waitForBlockedTransfers()
        try await cluster.crash()
        #expect(await !holder.isOpen)
        try await worker.waitForError(containing: "cannot connect, trying again")
        try await cluster.restart()

        let connection = try await database.connect()
        var state: String?
        for _ in 0..<2400 where state != "completed" {
            try await Task.sleep(for: .milliseconds(50))
            state = try await connection.query("SELECT state FROM reimbursement.runs")[0].texts[0]
        }
        #expect(state == "completed")
        #expect(try await connection.query("SELECT attempt FROM reimbursement.jobs")[0].texts == ["2"])
        #expect(try await connection.query("SELECT FROM reimbursement.reimbursement_report").count == 5)
        #expect(try await connection.query("SELECT FROM reimbursement.check_books()").isEmpty)
        worker.process.send(signal: Self.terminate)
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("cannot connect, trying again") })
        await cluster.stop()
    }

    @Test("not for ever when it crashes the server each time: it ends failed, and no other job pays for it")
    func poison() async throws {
        let cluster = try await PrivateCluster.start()
        let database = TestDatabase(on: cluster)
        _ = try await Migrator().migrate(try await database.connect())
        let books = try await Books(customers: 2, in: database)
        try await books.connection.query(
            """
            CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql AS $$
            begin
                copy (select 1) to program 'kill -9 $PPID';
                return new;
            end $$;
            CREATE TRIGGER poison BEFORE INSERT ON reimbursement.customer_transactions FOR EACH ROW
            WHEN (new.customer_account = 'C1' AND new.transaction_type = 'reimbursement')
            EXECUTE FUNCTION public.crash();
            SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C1');
            SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C2')
            """
        )
        let outcome = try await CommandRun("worker", "--drain", "--concurrency", "2", database: database).outcome()
        #expect(outcome.status == .exited(0))
        let connection = try await database.connect()
        let jobs = try await connection.query("SELECT state FROM reimbursement.jobs ORDER BY run_id").map(\.texts)
        #expect(jobs == [["failed"], ["completed"]])
        let lost = try await connection.query(
            """
            SELECT count(*) FROM reimbursement.job_errors JOIN reimbursement.jobs USING (legal_entity_id, job_id)
            WHERE run_id = 1 AND job_errors.kind = 'lost'
            """
        )
        #expect(lost[0].texts == ["5"])
        // The innocent job may have been beside the poison once, before anybody could know.
        let innocent = try await connection.query("SELECT attempt FROM reimbursement.jobs WHERE run_id = 2")[0].texts[0]
        #expect(["1", "2"].contains(innocent))
        #expect(try await connection.query("SELECT FROM reimbursement.check_books()").isEmpty)
        await cluster.stop()
    }
}
