import PostgresClient
import PrivatePostgres
import ReimburseSchema

/// The server that the tests share, each with a database or connections of its own.
public enum SharedCluster {
    /// The server, started by the first test that asks.
    ///
    /// All tests run at the same time, many of them with workers that have several sessions each.
    public static let task = Task {
        var settings = ServerSettings.fast
        try settings.set("max_connections", to: "800")
        try settings.set("max_locks_per_transaction", to: "256")
        return try await PrivateCluster.start(settings)
    }

    /// The major version of the server.
    public static var version: Int {
        get async throws {
            let number = try await connect().query(
                "SELECT current_setting('server_version_num')::int / 10000 AS version"
            )
            return try number[0].value("version")
        }
    }

    /// A database with the schema and nothing in it, from which others are copied.
    static let template = Task {
        let database = try await TestDatabase.empty(named: "migrated")
        let connection = try await database.connect()
        _ = try await Migrator().migrate(connection)
        await connection.close()
        return database
    }

    /// Connects to a database of the server.
    public static func connect(database: String = "postgres") async throws -> PostgresConnection {
        let cluster = try await task.value
        return try await .connect(PostgresConfiguration(database: cluster.connectionString(database: database)))
    }
}
