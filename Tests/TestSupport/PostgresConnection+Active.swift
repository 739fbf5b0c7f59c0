import PostgresClient
import PrivatePostgres

extension PostgresConnection {
    /// Waits until the server carries out a statement for this session, so that what comes next meets it there.
    ///
    /// - Parameter cluster: The server; that which the tests share unless given.
    /// - Throws: What kept it from asking the server.
    public func waitUntilActive(on cluster: PrivateCluster? = nil) async throws {
        let server = if let cluster { cluster } else { try await SharedCluster.task.value }
        let observer = try await PostgresConnection.connect(PostgresConfiguration(database: server.connectionString()))
        let isActive: SQL = "SELECT FROM pg_stat_activity WHERE pid = \(backendProcess)::int AND state = 'active'"
        while try await observer.query(isActive).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        await observer.close()
    }
}
