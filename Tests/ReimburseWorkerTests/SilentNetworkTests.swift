import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("When the way to the server takes everything and passes nothing on, a worker", .timeLimit(.minutes(10)))
struct SilentNetworkTests {
    private static let terminate: Int32 = 15

    @Test("that has nothing to do ends when it is told to")
    func idle() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let relay = try await Relay(to: SharedCluster.task.value)
        defer { relay.end() }
        let worker = try CommandRun("worker", database: relay.database(books.database))
        try await books.wait(until: "SELECT count(*) = 1 FROM reimbursement.workers")
        relay.stall()
        // It is in the middle of its next question by then.
        try await Task.sleep(for: .seconds(2))
        worker.process.send(signal: Self.terminate)
        #expect(try await Self.hasEnded(worker, within: 50))
    }

    @Test("that carries out a job ends when it is told to twice, and the job is done once")
    func working() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let relay = try await Relay(to: SharedCluster.task.value)
        defer { relay.end() }
        let worker = try CommandRun("worker", database: relay.database(books.database))
        try await books.waitForBlockedTransfers()
        relay.stall()
        await holder.close()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        worker.process.send(signal: Self.terminate)
        try await worker.waitForError(containing: "once more to cancel them")
        worker.process.send(signal: Self.terminate)
        #expect(try await Self.hasEnded(worker, within: 50))
        #expect(try await CommandRun("worker", "--drain", database: books.database).outcome().status == .exited(0))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.reimbursement_report") == "3")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    /// Whether a worker ends by itself in some seconds; afterwards it is gone in any case.
    private static func hasEnded(_ worker: CommandRun, within seconds: Int) async throws -> Bool {
        let watch = Task {
            try await Task.sleep(for: .seconds(seconds))
            worker.process.send(signal: 9)
        }
        defer { watch.cancel() }
        return await worker.outcome().status != .signalled(9)
    }
}
