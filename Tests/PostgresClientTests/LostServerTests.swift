import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("A server that goes away", .timeLimit(.minutes(10)))
struct LostServerTests {
    @Test("is noticed by a listener that has nothing to do, and by a statement that runs")
    func immediateStop() async throws {
        let cluster = try await PrivateCluster.start()
        let configuration = PostgresConfiguration(database: cluster.connectionString())
        let listener = try await PostgresConnection.connect(configuration)
        let worker = try await PostgresConnection.connect(configuration)
        let notifications = try await listener.listen(to: "quiet")
        let statement = Task { try await worker.query("select pg_sleep(600)") }
        try await worker.waitUntilActive(on: cluster)
        try await cluster.crash()

        let listenerError = await #expect(throws: PostgresError.self) { for try await _ in notifications {} }
        #expect(listenerError?.isConnectionLost == true)
        #expect(await !listener.isOpen)
        let error = await #expect(throws: PostgresError.self) { try await statement.value }
        #expect(error?.isConnectionLost == true || error?.sqlState == .adminShutdown)
        #expect(await !worker.isOpen)

        let refused = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(configuration) }
        #expect(refused?.sqlState == .unableToConnect)
        try await cluster.restart()
        let again = try await PostgresConnection.connect(configuration)
        #expect(try await again.query("select 1").count == 1)
        await cluster.stop()
    }

    @Test("says why it ended a session")
    func terminated() async throws {
        let administrator = try await SharedCluster.connect()
        let connection = try await SharedCluster.connect()
        let backend = try await connection.query("select pg_backend_pid() as pid")[0].value("pid", as: Int.self)
        let statement = Task { try await connection.query("select pg_sleep(600)") }
        try await connection.waitUntilActive()
        try await administrator.query("select pg_terminate_backend(\(backend)::int)")
        let error = await #expect(throws: PostgresError.self) { try await statement.value }
        #expect(error?.sqlState == .adminShutdown)
        for _ in 0..<6000 where await connection.isOpen { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await !connection.isOpen)
    }
}
