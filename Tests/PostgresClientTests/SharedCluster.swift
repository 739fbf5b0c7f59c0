import PostgresClient
import PrivatePostgres

/// The server that the tests of this module share, each with connections of its own.
enum SharedCluster {
    static let task = Task { try await PrivateCluster.start() }

    static func connect(database: String = "postgres") async throws -> PostgresConnection {
        let cluster = try await task.value
        return try await .connect(PostgresConfiguration(database: cluster.connectionString(database: database)))
    }
}
