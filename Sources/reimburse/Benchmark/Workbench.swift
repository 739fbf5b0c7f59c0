import PostgresClient
import PrivatePostgres
import ReimburseSchema

/// Where the scenarios measure: a server with databases of their own, and how much there is to measure.
final class Workbench: Sendable {
    /// The server.
    let cluster: PrivateCluster
    /// How much is measured.
    let plan: BenchmarkPlan
    /// Where to say what is being measured.
    let progress: BenchmarkProgress
    /// A session that is in none of the scenarios' databases.
    let server: PostgresConnection

    private static let template = "bench_template"

    /// Makes a workbench on a server that has nothing yet.
    init(cluster: PrivateCluster, plan: BenchmarkPlan, progress: BenchmarkProgress) async throws {
        self.cluster = cluster
        self.plan = plan
        self.progress = progress
        server = try await Self.connect(to: "postgres", on: cluster)
        try await server.query("CREATE DATABASE \(identifier: Self.template)")
        let connection = try await Self.connect(to: Self.template, on: cluster)
        _ = try await Migrator().migrate(connection)
        for file in SQLFile.files(in: "bench") { try await connection.query(SQL(script: file.text)) }
        await connection.close()
        // A database is copied only while nobody is connected to it, and a session ends a little after its client.
        try await waitForSessions(in: Self.template, toBe: 0)
    }

    /// Makes books of a scenario's own, in a database of their own.
    ///
    /// - Parameters:
    ///   - name: The name of the database.
    ///   - original: The database that it is a copy of, to which nobody is connected; empty books unless given.
    /// - Returns: The books.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func makeBooks(_ name: String, copying original: String? = nil) async throws -> BenchmarkBooks {
        try await server.query(
            """
            CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: original ?? Self.template) STRATEGY file_copy
            """
        )
        return BenchmarkBooks(bench: self, name: name, connection: try await connect(to: name))
    }

    /// Whether there is a database of a name.
    func has(_ name: String) async throws -> Bool {
        try await server.query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(name)) AS there")[0]
            .value("there")
    }

    /// Connects to a database.
    func connect(to database: String) async throws -> PostgresConnection {
        try await Self.connect(to: database, on: cluster)
    }

    /// Waits until a database has a number of sessions, of clients.
    func waitForSessions(in database: String, toBe count: Int) async throws {
        for _ in 0..<3000 {
            let rows = try await server.query(
                """
                SELECT count(*) AS count FROM pg_stat_activity
                WHERE datname = \(database) AND backend_type = 'client backend'
                """
            )
            if try rows[0].value("count") == count { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw UnfinishedWork("sessions of the database \(database) do not end")
    }

    private static func connect(to database: String, on cluster: PrivateCluster) async throws -> PostgresConnection {
        try await .connect(
            PostgresConfiguration(
                database: cluster.connectionString(database: database),
                applicationName: "reimburse bench"
            )
        )
    }
}
