import Foundation
import ReimburseWorker
import TestSupport
import Testing

@testable import reimburse

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("The metrics of a worker", .timeLimit(.minutes(10)))
struct MetricsTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    @Test("are served with what it has done, under every name that is promised and no other")
    func served() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        try await books.enqueue(batches: 2)
        let port = UInt16.random(in: 20_000..<32_000)
        let worker = try CommandRun("worker", "--metrics", "127.0.0.1:\(port)", database: books.database)
        try await books.wait(until: "SELECT state = 'completed' FROM reimbursement.runs")
        let expected = [
            #"reimburse_attempts_total{kind="reimbursement",outcome="completed",sqlstate_class="00"} 2.0"#,
            "reimburse_claims_total 2.0",
            #"reimburse_job_duration_seconds_count{kind="reimbursement",outcome="completed"} 2"#,
            #"reimburse_slots{state="idle"} 1.0"#,
            "reimburse_listen_connected 1.0",
            "reimburse_oldest_transaction_seconds ",
        ]
        // The worker hears of the commit after the books do, and looks at the queues every few seconds.
        var text = ""
        for _ in 0..<1200 where !expected.allSatisfy({ text.contains($0) }) {
            text = try await get("/metrics", port).text
            try await Task.sleep(for: .milliseconds(50))
        }
        for line in expected { #expect(text.contains(line)) }
        #expect(names(in: text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.joined()) == promised)
        #expect(try await get("/live", port).status == 200)
        #expect(try await get("/ready", port).status == 200)
        #expect(try await get("/", port).status == 404)

        let second = try await CommandRun("worker", "--metrics", "127.0.0.1:\(port)", database: books.database)
            .outcome()
        #expect(second.status == .exited(1))
        #expect(second.errors.contains { $0.contains("127.0.0.1:\(port)") && $0.contains("taken") })

        worker.process.send(signal: SIGTERM)
        #expect(await worker.outcome().status == .exited(0))
    }

    @Test("are the names that the alerts and the dashboard use", arguments: ["alerts.yml", "dashboard.json"])
    func used(in file: String) throws {
        let text = try String(contentsOf: Self.sources.appendingPathComponent("monitoring/\(file)"), encoding: .utf8)
        #expect(names(in: text) == promised)
    }

    @Test("are served on an address and a port")
    func addresses() {
        #expect(MetricsAddress(argument: "127.0.0.1:9187")?.description == "127.0.0.1:9187")
        #expect(MetricsAddress(argument: "[::1]:0")?.description == "[::1]:0")
        for wrong in ["9187", "localhost", ":9187", "::1:9187", "127.0.0.1:70000", "127.0.0.1:"] {
            #expect(MetricsAddress(argument: wrong) == nil, "\(wrong)")
        }
    }

    private var promised: Set<String> { Set(WorkerMetrics.help.keys) }

    /// The names of metrics in a text, without what Prometheus adds to a histogram's.
    private func names(in text: String) -> Set<String> {
        Set(
            text.matches(of: /reimburse_[a-z_]+/).map { match in
                var name = String(match.output)
                for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
                    name.removeLast(suffix.count)
                }
                return name
            }
        )
    }

    private func get(_ path: String, _ port: UInt16) async throws -> (status: Int?, text: String) {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { return (nil, "") }
        do {
            let (data, response) = try await URLSession.shared.data(from: url)
            return ((response as? HTTPURLResponse)?.statusCode, String(decoding: data, as: UTF8.self))
        } catch is URLError {
            return (nil, "")
        }
    }
}
