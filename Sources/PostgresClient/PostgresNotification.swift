/// What another session said with `NOTIFY` on a channel that this connection listens to.
public struct PostgresNotification: Hashable, Sendable {
    /// The channel.
    public let channel: String
    /// What was said, often nothing.
    public let payload: String

    /// Makes a notification of its parts.
    public init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }
}
