import TestSupport
import Testing

@Suite("The commands cancel, retry, pause and resume", .timeLimit(.minutes(10)))
struct SteeringCommandTests {
    @Test("cancel a run once, and say what cannot be cancelled")
    func cancel() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let run = try await books.enqueue()
        let cancelled = try await reimburse("cancel", "\(run)", "--reason", "by mistake", on: books)
        #expect(cancelled.status == .exited(0))
        #expect(cancelled.output == ["run \(run) is cancelled"])
        #expect(try await books.value("SELECT error FROM reimbursement.runs")?.hasSuffix(": by mistake") == true)
        let again = try await reimburse("cancel", "\(run)", on: books)
        #expect(again.status == .exited(0))
        #expect(again.errors.contains { $0.contains("cancelled already") })
        let unknown = try await reimburse("cancel", "99", on: books)
        #expect(unknown.status == .exited(1))
        #expect(unknown.errors.first?.contains("there is no run 99") == true)
        let retried = try await reimburse("retry", "\(run)", on: books)
        #expect(retried.status == .exited(1))
        #expect(retried.errors.first?.contains("was cancelled") == true)
    }

    @Test("retry what has failed")
    func retry() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let run = try await books.enqueue()
        try await books.connection.query("UPDATE reimbursement.ledger_periods SET is_open = false")
        #expect(try await reimburse("worker", "--drain", on: books).status == .exited(0))
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "failed")
        try await books.connection.query("UPDATE reimbursement.ledger_periods SET is_open = true")
        let retried = try await reimburse("retry", "\(run)", on: books)
        #expect(retried.output == ["run \(run) is ready"])
        #expect(try await reimburse("worker", "--drain", on: books).status == .exited(0))
        #expect(try await books.value("SELECT state FROM reimbursement.runs") == "completed")
    }

    @Test("pause a queue and resume it")
    func pause() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        #expect(
            try await reimburse("pause", "default", "--reason", "closing", on: books).output == [
                "queue default is paused"
            ]
        )
        #expect(try await books.value("SELECT reason FROM reimbursement.paused_queues") == "closing")
        let again = try await reimburse("pause", "default", on: books)
        #expect(again.status == .exited(0))
        #expect(again.errors.contains { $0.contains("paused already") })
        #expect(try await reimburse("resume", "default", on: books).output == ["queue default is open"])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.paused_queues") == "0")
        #expect(try await reimburse("pause", "a b", on: books).status == .exited(1))
    }

    private func reimburse(_ arguments: String..., on books: Books) async throws -> CommandRun.Outcome {
        try await CommandRun(arguments, database: books.database).outcome()
    }
}
