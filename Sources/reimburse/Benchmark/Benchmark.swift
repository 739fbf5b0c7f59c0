import PostgresClient
import PrivatePostgres

/// The whole benchmark: one scenario after the other, on one server.
struct Benchmark: Sendable {
    /// How much is measured.
    let plan: BenchmarkPlan
    /// What is measured.
    let scenarios: [ScenarioName]

    /// The settings that the figures depend on.
    private static let settings = [
        "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "wal_level",
        "shared_buffers", "work_mem", "max_wal_size", "checkpoint_timeout", "autovacuum",
    ]

    /// Measures.
    ///
    /// - Parameter cluster: A server that has nothing yet.
    /// - Returns: What was found.
    /// - Throws: What went wrong; ``UnfinishedWork`` when something did not do what it should.
    func run(on cluster: PrivateCluster) async throws -> BenchmarkReport {
        let progress = BenchmarkProgress()
        defer { progress.clear() }
        progress.show("making a database")
        let bench = try await Workbench(cluster: cluster, plan: plan, progress: progress)
        let conditions = try await conditions(on: bench.server, folder: cluster.folder)
        var findings: [(scenario: ScenarioName, findings: ScenarioFindings)] = []
        for name in scenarios {
            progress.show("\(name.rawValue): \(name.title)")
            let started = progress.seconds
            var found = try await name.scenario.measure(on: bench)
            found.seconds = progress.seconds - started
            findings.append((name, found))
        }
        return BenchmarkReport(plan: plan, conditions: conditions, findings: findings, seconds: progress.seconds)
    }

    private func conditions(
        on server: PostgresConnection,
        folder: String
    ) async throws -> [(name: String, value: String)] {
        let rows = try await server.query("SELECT name, current_setting(name) AS value FROM pg_settings")
        var values: [String: String] = [:]
        for row in rows { values[try row.value("name")] = try row.value("value", as: String.self) }
        return Self.settings.map { ($0, String(values[$0]?.split(separator: " ").first ?? "")) } + [
            ("file_system", DurableFolder.kind(of: folder) ?? "unknown"),
            ("processors", "\(Processors.count)"),
            ("build", Self.build),
        ]
    }

    /// How the program was compiled.
    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}
