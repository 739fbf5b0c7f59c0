import PrivatePostgres
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite("The demonstration", .serialized, .timeLimit(.minutes(15)))
struct DemoTests {
    @Test("shows the product from an empty database to books without a violation, and cleans up")
    func whole() async throws {
        let outcome = try await CommandRun("demo", database: nil).outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("Not one violation."))
        let kinds = outcome.output.filter { $0.hasPrefix("run ") && $0.contains("completed ·") }.compactMap {
            $0.firstMatch(of: /100%  (.*) completed/)?.1
        }
        let counts = Dictionary(grouping: kinds) { $0 }.mapValues(\.count)
        #expect(
            counts == ["reimbursement": 5, "vendor payment": 4, "payment reversal": 1, "reimbursement reversal": 1]
        )
        #expect(outcome.output.contains { $0.contains("payment_not_found") })
        #expect(outcome.output.contains { $0.contains("returned_to_same_account") })
        let caught = outcome.output.drop { !$0.hasPrefix("A change after the approval is caught") }
        #expect(caught.contains { $0.contains("something else than what was approved") && $0.contains("DE75…6199") })
        let trace = outcome.output.drop { !$0.hasPrefix("One customer, from credit to bank and back") }
        #expect(trace.contains { $0.hasPrefix("payment reversal  PAY-") })
        #expect(trace.contains { $0.hasPrefix("bank file ") })
        #expect(trace.contains { $0.hasPrefix("bank: returned ") })
        #expect(access(try folder(in: outcome), F_OK) != 0)
    }

    @Test("leaves nothing behind, however it is ended", arguments: [SIGINT, SIGTERM, SIGKILL])
    func ended(signal: Int32) async throws {
        let demo = try CommandRun("demo", database: nil)
        try await demo.waitForOutput(lines: 12)
        demo.process.send(signal: signal)
        let outcome = await demo.outcome()
        #expect(outcome.status == (signal == SIGKILL ? .signalled(signal) : .exited(1)))
        let folder = try folder(in: outcome)
        for _ in 0..<6000 where access(folder, F_OK) == 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(access(folder, F_OK) != 0)
    }

    /// The folder that the demonstration said its server was in.
    private func folder(in outcome: CommandRun.Outcome) throws -> String {
        let line = try #require(outcome.output.first { $0.contains(" · in /") })
        return String(try #require(line.split(separator: " ").last))
    }
}
