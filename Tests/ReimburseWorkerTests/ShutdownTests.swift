import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("A worker that is told to stop", .timeLimit(.minutes(10)))
struct ShutdownTests {
    private static let terminate: Int32 = 15

    @Test("finishes the batch that runs, and claims no other")
    func graceful() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue(batches: 2)
        let worker = try CommandRun("worker", database: books.database)
        try await books.waitForBlockedTransfers()
        worker.process.send(signal: Self.terminate)
        try await worker.waitForError(containing: "stopping once the running batches are finished")
        try await Task.sleep(for: .seconds(2))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.jobs WHERE state = 'running'") == "1")
        await holder.close()
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        let states = try await books.value("SELECT string_agg(state, ' ' ORDER BY state) FROM reimbursement.jobs")
        #expect(states == "completed ready")
    }

    @Test("twice cancels the batch that runs, which goes back to the queue at no cost and with nothing written")
    func cancelled() async throws {
        let (books, holder, worker) = try await stopped()
        try await worker.waitForError(containing: "once more to cancel them")
        worker.process.send(signal: Self.terminate)
        try await expectGivenBack(books, holder, worker)
    }

    @Test("with a deadline cancels the batch that has not ended by then, at no cost")
    func deadline() async throws {
        let (books, holder, worker) = try await stopped("--stop-within", "1s")
        try await expectGivenBack(books, holder, worker)
    }

    @Test("stops what is cancelled while it waits for the batches that run")
    func cancelledMeanwhile() async throws {
        let (books, holder, worker) = try await stopped()
        try await books.connection.query("SELECT reimbursement.cancel_run(run_id) FROM reimbursement.jobs")
        #expect(await worker.outcome().status == .exited(0))
        #expect(try await books.value("SELECT state FROM reimbursement.jobs") == "cancelled")
        await holder.close()
    }

    @Test("by a migration to a later version finishes the batch that runs, then says that the schema is newer")
    func migratedMeanwhile() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue(batches: 2)
        let worker = try CommandRun(["worker", "--poll-interval", "1"], database: books.database)
        try await books.waitForBlockedTransfers()
        let later = SQLFile(path: "migrations/9999_later.sql", text: "create table reimbursement.later (id int)")
        let migrator = Migrator(
            migrations: Migration.all + [Migration(version: 9999, file: later)],
            rules: SQLFile.files(in: "rules"),
            objects: SQLFile.files(in: "functions") + SQLFile.files(in: "views")
        )
        let connection = try await books.database.connect()
        #expect(try await migrator.migrate(connection, lockTimeout: .seconds(60)).version == 9999)
        let reason = "the schema is at version 9999, and this program knows no later"
        try await worker.waitForError(containing: reason)
        #expect(try await books.value("SELECT count(*) FROM reimbursement.jobs WHERE state = 'running'") == "1")
        await holder.close()
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.last { $0.hasPrefix("error: ") }?.contains(reason) == true)
        let states = try await books.value("SELECT string_agg(state, ' ' ORDER BY state) FROM reimbursement.jobs")
        #expect(states == "completed ready")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
    }

    /// A worker whose batch waits for a lock, and that was told to stop.
    private func stopped(_ options: String...) async throws -> (Books, PostgresConnection, CommandRun) {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun(["worker"] + options, database: books.database)
        try await books.waitForBlockedTransfers()
        worker.process.send(signal: Self.terminate)
        return (books, holder, worker)
    }

    private func expectGivenBack(_ books: Books, _ holder: PostgresConnection, _ worker: CommandRun) async throws {
        #expect(await worker.outcome().status == .exited(1))
        let job = try await books.connection.query(
            "SELECT state, attempt, failed_attempts, lost_attempts FROM reimbursement.jobs"
        )
        #expect(job.map(\.texts) == [["ready", "1", "0", "0"]])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.job_errors") == "0")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.workers") == "0")
        await holder.close()
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
        #expect(try await CommandRun("worker", "--drain", database: books.database).outcome().status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "4")
    }

    @Test("with nothing to do ends")
    func idle() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let worker = try CommandRun("worker", database: books.database)
        try await books.wait(
            until:
                "SELECT count(*) > 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%claim_passes%'"
        )
        worker.process.send(signal: Self.terminate)
        #expect(await worker.outcome().status == .exited(0))
    }
}
