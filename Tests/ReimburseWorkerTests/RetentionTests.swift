import PostgresClient
import TestSupport
import Testing

@Suite("Retention", .timeLimit(.minutes(10)))
struct RetentionTests {
    /// Whoever waited here for the transfer would wait for ever.
    private static let waiting = Duration.seconds(20)

    @Test("waits for a transfer that runs without keeping it waiting, and is done by the worker afterwards")
    func besideTransfer() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        try await books.connection.query(
            """
            SELECT reimbursement.keep_jobs(interval '0');
            SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C1')
            """
        )
        try await books.carryOut()
        // From here on the first partition gets no more jobs.
        try await books.connection.query("SELECT setval('reimbursement.jobs_job_id_seq', 2000000)")

        let holder = try await books.holdNumbers()
        try await books.enqueue()
        let worker = try CommandRun("worker", database: books.database)
        try await books.waitForBlockedTransfers()
        for _ in 1...20 {
            let took = try await ContinuousClock().measure {
                try await books.connection.query("SELECT FROM reimbursement.forget_jobs()")
            }
            #expect(took < Self.waiting)
            let claimed = try await ContinuousClock().measure {
                try await books.connection.query("SELECT FROM reimbursement.claim_jobs('other', 1, 'other')")
            }
            #expect(claimed < Self.waiting)
        }
        #expect(try await books.value("SELECT to_regclass('reimbursement.jobs_1')") != nil)
        #expect(try await books.value("SELECT state FROM reimbursement.jobs WHERE run_id = 2") == "running")
        #expect(try await books.value("SELECT state FROM reimbursement.runs WHERE run_id = 1") == "completed")

        await holder.close()
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs WHERE run_id = 2")
        try await books.wait(until: "SELECT to_regclass('reimbursement.jobs_1') IS NULL")
        worker.process.send(signal: 15)
        let outcome = await worker.outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.contains { $0.contains("forgot jobs") })
        #expect(try await books.value("SELECT string_agg(state, ' ') FROM reimbursement.runs") == "completed completed")
        #expect(try await books.value("SELECT attempt FROM reimbursement.jobs") == "1")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }
}
