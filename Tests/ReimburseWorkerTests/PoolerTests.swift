import PostgresClient
import PrivatePostgres
import ReimburseSchema
import TestSupport
import Testing

@Suite(
    "Behind PgBouncer in transaction mode, a worker",
    .enabled(if: PgBouncer.program != nil, "PgBouncer is not installed"),
    .timeLimit(.minutes(10))
)
struct PoolerTests {
    private static let terminate: Int32 = 15

    @Test("carries out everything once, listening or not, though the server restarts", arguments: [true, false])
    func restart(listens: Bool) async throws {
        let (cluster, database) = try await Self.server()
        let books = try await Books(customers: 40, in: database)
        let pool = try await PgBouncer(before: cluster, poolSize: 4)
        let holder = try await books.holdNumbers()
        try await books.enqueue(batches: 4)
        let options = ["worker", "--concurrency", "2"] + (listens ? [] : ["--poll-only"])
        let worker = try CommandRun(options, database: pool.database(database))
        try await books.waitForBlockedTransfers(2)
        try await cluster.crash()
        await holder.close()
        try await cluster.restart()

        let connection = try await database.connect()
        var state: String?
        for _ in 0..<2400 where state != "completed" {
            try await Task.sleep(for: .milliseconds(50))
            state = try await connection.query("SELECT state FROM reimbursement.runs")[0].texts[0]
        }
        #expect(state == "completed")
        #expect(try await connection.query("SELECT FROM reimbursement.reimbursement_report").count == 40)
        #expect(try await connection.query("SELECT FROM reimbursement.check_books()").isEmpty)
        #expect(
            try await connection.query("SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%'").isEmpty,
            "nobody listens on a session that is others' too"
        )
        worker.process.send(signal: Self.terminate)
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("a pooler is in between") } == listens)
        await pool.end()
        await cluster.stop()
    }

    @Test("with four slots and one session for all of them loses no job, however long each waits")
    func exhausted() async throws {
        let (cluster, database) = try await Self.server()
        let books = try await Books(customers: 8, in: database)
        // A transfer of two seconds and a half: the last of four waits longer than a worker is given to begin.
        try await books.connection.query(
            """
            CREATE FUNCTION public.take_time() RETURNS trigger LANGUAGE plpgsql AS
            $$ begin perform pg_sleep(2.5); return null; end $$;
            CREATE TRIGGER slow AFTER INSERT ON reimbursement.reimbursements FOR EACH STATEMENT
            EXECUTE FUNCTION public.take_time()
            """
        )
        try await books.enqueue(batches: 8)
        let pool = try await PgBouncer(before: cluster, poolSize: 1)
        let worker = try CommandRun(
            "worker",
            "--concurrency",
            "4",
            "--poll-only",
            "--drain",
            database: pool.database(database)
        )
        // As another worker does, which has a session of its own.
        let others = Task {
            let connection = try await database.connect()
            while !Task.isCancelled {
                try await connection.query("SELECT FROM reimbursement.rescue_jobs()")
                try await Task.sleep(for: .milliseconds(300))
            }
        }
        #expect(await worker.outcome().status == .exited(0))
        others.cancel()
        let errors = try await books.connection.query("SELECT kind, sqlstate, message FROM reimbursement.job_errors")
        #expect(errors.map(\.texts) == [])
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "8")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        await pool.end()
        await cluster.stop()
    }

    private static func server() async throws -> (PrivateCluster, TestDatabase) {
        let cluster = try await PrivateCluster.start()
        let database = TestDatabase(on: cluster)
        _ = try await Migrator().migrate(try await database.connect())
        return (cluster, database)
    }
}
