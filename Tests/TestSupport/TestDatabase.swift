import PostgresClient
import PrivatePostgres
import ReimburseSchema
import Synchronization

/// A database of one test's own.
public struct TestDatabase: Sendable {
    /// How to connect to it.
    public let connectionString: String

    private static let count = Atomic(0)

    /// A database on a server of the test's own.
    public init(on cluster: PrivateCluster, named name: String = "postgres") {
        connectionString = cluster.connectionString(database: name)
    }

    /// A database that is reached in a way of the test's own.
    init(connectionString: String) {
        self.connectionString = connectionString
    }

    /// A database without the schema.
    public static func empty(named name: String? = nil) async throws -> TestDatabase {
        try await create(named: name, template: "template1")
    }

    /// A database with the schema.
    public static func migrated() async throws -> TestDatabase {
        _ = try await SharedCluster.template.value
        return try await create(named: nil, template: "migrated")
    }

    /// Connects to it.
    public func connect() async throws -> PostgresConnection {
        try await .connect(PostgresConfiguration(database: connectionString))
    }

    private static func create(named name: String?, template: String) async throws -> TestDatabase {
        let name = name ?? "test\(count.add(1, ordering: .relaxed).newValue)"
        let connection = try await SharedCluster.connect()
        try await connection.query("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template)")
        return TestDatabase(on: try await SharedCluster.task.value, named: name)
    }
}
