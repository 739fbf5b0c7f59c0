import PostgresClient
import TestSupport
import Testing

@Suite("Cancelling", .timeLimit(.minutes(10)))
struct CancellationTests {
    @Test("a task cancels its statement on the server, and the connection can be used at once")
    func running() async throws {
        let connection = try await SharedCluster.connect()
        for round in 1...100 {
            let task = Task { try await connection.query("select pg_sleep(60)") }
            // Some requests come before the server has read the statement, and some after.
            try await Task.sleep(for: .microseconds(round * 30))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // A cancel request that came late would hit this one.
            #expect(try await connection.query("select 1 from pg_sleep(0.002)").count == 1)
        }
    }

    @Test("a task that waits for its turn gives up its place and nobody else's")
    func waiting() async throws {
        let holder = try await SharedCluster.connect()
        try await holder.query("select pg_advisory_lock(20260711)")
        let connection = try await SharedCluster.connect()
        let first = Task { try await connection.query("select pg_advisory_lock(20260711)") }
        try await connection.waitUntilActive()
        let second = Task { try await connection.query("select 2") }
        let third = Task { try await connection.query("select 3") }
        try await Task.sleep(for: .milliseconds(50))
        second.cancel()
        // The first still has its turn, and will not end before its lock is free.
        await #expect(throws: CancellationError.self) { try await second.value }
        await holder.close()
        #expect(try await first.value.count == 1)
        #expect(try await third.value.count == 1)
    }

    @Test("a statement that the server gave up by itself is an error, not a cancellation")
    func timeout() async throws {
        let connection = try await SharedCluster.connect()
        try await connection.query("set statement_timeout = 20")
        let error = await #expect(throws: PostgresError.self) { try await connection.query("select pg_sleep(60)") }
        #expect(error?.sqlState == .queryCanceled)
    }
}
