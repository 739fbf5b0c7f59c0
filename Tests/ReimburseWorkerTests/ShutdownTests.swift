import PostgresClient
import TestSupport
import Testing

@Suite("A worker that is told to stop", .timeLimit(.minutes(2)))
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
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.jobs WHERE state = 'running'") == "1")
        await holder.close()
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        let states = try await books.value("SELECT string_agg(state, ' ' ORDER BY state) FROM reimbursement.jobs")
        #expect(states == "completed ready")
    }

    @Test("twice cancels the batch that runs, which is left for another attempt with nothing written")
    func cancelled() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun("worker", database: books.database)
        try await books.waitForBlockedTransfers()
        worker.process.send(signal: Self.terminate)
        try await Task.sleep(for: .milliseconds(200))
        worker.process.send(signal: Self.terminate)
        #expect(await worker.outcome().status == .exited(1))
        let job = try await books.connection.query("SELECT state, attempt FROM reimbursement.jobs")[0].texts
        #expect(job == ["ready", "1"])
        let error = try await books.connection.query("SELECT kind, sqlstate FROM reimbursement.job_errors")[0].texts
        #expect(error == ["failed", "57014"])
        await holder.close()
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "0")
        #expect(try await CommandRun("worker", "--drain", database: books.database).outcome().status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "4")
    }

    @Test("with nothing to do is gone at once")
    func idle() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let worker = try CommandRun("worker", database: books.database)
        try await books.wait(
            until:
                "SELECT count(*) > 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%claim_passes%'"
        )
        let started = ContinuousClock.now
        worker.process.send(signal: Self.terminate)
        #expect(await worker.outcome().status == .exited(0))
        #expect(ContinuousClock.now - started < .seconds(5))
    }
}
