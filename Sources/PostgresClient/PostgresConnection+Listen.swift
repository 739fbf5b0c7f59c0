import CLibPQ

extension PostgresConnection {
    /// The notifications that arrive for one listener.
    public typealias Notifications = AsyncThrowingStream<PostgresNotification, any Error>

    /// Somebody who listens to a channel.
    struct Listener {
        let channel: String
        let continuation: Notifications.Continuation
    }

    /// Listens to a channel.
    ///
    /// Needs a direct connection: a pooler in transaction mode hands the session to others.
    ///
    /// - Parameter channel: The channel, as `NOTIFY` names it.
    /// - Returns: The notifications from now on. The sequence throws ``PostgresError`` when the connection breaks.
    /// - Throws: As ``query(_:)`` does.
    public func listen(to channel: String) async throws -> Notifications {
        let (stream, continuation) = Notifications.makeStream()
        let key = (listeners.keys.max() ?? 0) + 1
        listeners[key] = Listener(channel: channel, continuation: continuation)
        continuation.onTermination = { _ in
            Task { await self.removeListener(key) }
        }
        do {
            try await query("LISTEN \(identifier: channel)")
        } catch {
            continuation.finish(throwing: error)
            throw error
        }
        return stream
    }

    private func removeListener(_ key: Int) {
        listeners[key] = nil
    }

    /// Hands the notifications that libpq has read to those who listen.
    func deliverNotifications(of connection: OpaquePointer) {
        while let notify = PQnotifies(connection) {
            defer { PQfreemem(notify) }
            let notification = PostgresNotification(
                channel: String(cString: notify.pointee.relname),
                payload: String(cString: notify.pointee.extra)
            )
            for listener in listeners.values where listener.channel == notification.channel {
                listener.continuation.yield(notification)
            }
        }
    }
}
