import PostgresClient
import TestSupport
import Testing

@Suite("Listening")
struct ListenTests {
    @Test("brings what others say on the channel, in order, and nothing of other channels")
    func notifications() async throws {
        let listener = try await SharedCluster.connect()
        let speaker = try await SharedCluster.connect()
        let notifications = try await listener.listen(to: #"a "channel".x"#)
        try await speaker.query(#"notify other, 'no'; notify "a ""channel"".x", 'one'"#)
        try await speaker.query(#"notify "a ""channel"".x", 'two'"#)
        var iterator = notifications.makeAsyncIterator()
        #expect(try await iterator.next()?.payload == "one")
        #expect(try await iterator.next() == PostgresNotification(channel: #"a "channel".x"#, payload: "two"))
    }

    @Test("goes on while the connection executes statements")
    func alongside() async throws {
        let listener = try await SharedCluster.connect()
        let notifications = try await listener.listen(to: "alongside")
        try await listener.query("notify alongside, 'mine'")
        var iterator = notifications.makeAsyncIterator()
        #expect(try await iterator.next()?.payload == "mine")
    }
}
