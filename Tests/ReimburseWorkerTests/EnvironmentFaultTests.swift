import PostgresClient
import PrivatePostgres
import ReimburseSchema
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite("A worker gets along", .timeLimit(.minutes(10)))
struct EnvironmentFaultTests {
    private static let terminate: Int32 = 15

    @Test("with the end of its first session, in which it looks at the schema: it asks again")
    func endedStart() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        let holder = try await books.database.connect()
        try await holder.query("BEGIN; LOCK TABLE reimbursement.migrations")
        let worker = try CommandRun("worker", "--drain", database: books.database)
        let looking: SQL = """
            FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%max(version)%'
            """
        let first = try await books.rows("SELECT pid \(looking)")[0][0]
        try await books.connection.query("SELECT pg_terminate_backend(pid) \(looking)")
        try await books.wait(until: "SELECT count(*) = 1 \(looking) AND pid <> \(first)::int")
        await holder.close()
        #expect(await worker.outcome().status == .exited(0))
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
    }

    @Test("with a server that has no connection left for what it has lost: it waits, and works on")
    func noConnectionLeft() async throws {
        var settings = ServerSettings.fast
        try settings.set("max_connections", to: "12")
        let cluster = try await PrivateCluster.start(settings)
        let database = TestDatabase(on: cluster)
        _ = try await Migrator().migrate(try await database.connect())
        let books = try await Books(customers: 3, in: database)
        let worker = try CommandRun("worker", database: database)
        try await books.wait(until: "SELECT count(*) = 1 FROM reimbursement.workers")
        // Others take what is free, and then what was the worker's.
        var others: [PostgresConnection] = []
        while let other = try? await database.connect() { others.append(other) }
        try await books.connection.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reimburse'"
        )
        for _ in 0..<2000 where others.count < 11 {
            if let other = try? await database.connect() {
                others.append(other)
            } else {
                try await Task.sleep(for: .milliseconds(10))
                // The worker was quicker.
                try await books.connection.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reimburse'"
                )
            }
        }
        try #require(others.count == 11)
        try await books.enqueue()
        try await worker.waitForError(containing: "too many clients")
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "ready")
        for other in others { await other.close() }
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        worker.process.send(signal: Self.terminate)
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("cannot connect") && $0.contains("too many clients") })
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        await cluster.stop()
    }

    @Test("with a disk that is full: the attempt fails, nothing of it is kept, and it goes on when there is room")
    func fullDisk() async throws {
        guard let disk = await SmallDisk.mounted(megabytes: 2) else {
            print("skipped: mounting a small file system is not permitted here")
            return
        }
        let books = try await Books(customers: 200, in: .migrated())
        let name = "small\(getpid())"
        try await books.connection.query("CREATE TABLESPACE \(identifier: name) LOCATION \(disk.folder)")
        try await books.connection.query("ALTER TABLE reimbursement.settlements SET TABLESPACE \(identifier: name)")
        disk.fill()
        // More attempts than there is time for until there is room.
        try await books.connection.query("SELECT reimbursement.enqueue_reimbursement('USMF', max_attempts => 30)")
        let worker = try CommandRun("worker", database: books.database)
        let failed = try await books.rows(
            """
            SELECT DISTINCT e.kind, e.sqlstate, j.state
            FROM reimbursement.job_errors AS e JOIN reimbursement.jobs AS j USING (legal_entity_id, job_id)
            WHERE j.state <> 'running'
            """
        )
        #expect(failed == [["failed", "53100", "ready"]])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        disk.makeRoom()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        worker.process.send(signal: Self.terminate)
        #expect(await worker.outcome().status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "200")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
        try await books.connection.query("ALTER TABLE reimbursement.settlements SET TABLESPACE pg_default")
        try await books.connection.query("DROP TABLESPACE \(identifier: name)")
        await disk.end()
    }

    @Test("with a clock that is an hour ahead or behind: nothing runs early or late, and what is lost is found")
    func clocks() async throws {
        guard let clock = try await ShiftedClock.built() else {
            print("skipped: no compiler, or no way to preload a library here")
            return
        }
        defer { clock.end() }
        let books = try await Books(customers: 6, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.connection.query(
            """
            SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C1..C3');
            SELECT reimbursement.enqueue_reimbursement('USMF', run_at => now() + interval '30 minutes')
            """
        )
        let ahead = try Self.worker(books, clock, hours: 1)
        try await books.waitForBlockedTransfers()
        let behind = try Self.worker(books, clock, hours: -1)
        try await books.wait(until: "SELECT count(*) = 2 FROM reimbursement.workers")
        // Long enough to take for lost what somebody's clock says is an hour old.
        try await Task.sleep(for: .seconds(1))
        #expect(try await books.value("SELECT attempt FROM reimbursement.jobs WHERE run_id = 1") == "1")
        ahead.process.send(signal: SIGKILL)
        try await books.wait(until: "SELECT attempt = 2 AND state = 'running' FROM reimbursement.jobs WHERE run_id = 1")
        await holder.close()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs WHERE run_id = 1")
        let again = try Self.worker(books, clock, hours: 1)
        try await books.connection.query("SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C5')")
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs WHERE run_id = 3")
        try await Task.sleep(for: .seconds(1))
        #expect(try await books.value("SELECT state FROM reimbursement.runs WHERE run_id = 2") == "scheduled")
        for worker in [behind, again] { worker.process.send(signal: Self.terminate) }
        var hours: [String?] = []
        for worker in [ahead, behind, again] {
            let hour = await worker.outcome().errors.first?.firstMatch(of: /T(\d\d):/)
            hours.append(hour.map { String($0.1) })
        }
        let differ = !hours.contains(nil) && hours[0] != hours[1] && hours[1] != hours[2]
        #expect(differ, "the workers' clocks really differ")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    private static func worker(_ books: Books, _ clock: ShiftedClock, hours: Int) throws -> CommandRun {
        try CommandRun(
            ["worker", "--log-format", "json"],
            database: books.database,
            environment: clock.environment(seconds: hours * 3600)
        )
    }
}
