/// What a private server is started with, by the names of PostgreSQL's settings.
public struct ServerSettings: Sendable {
    private var values: [String: String]

    /// Speed before safety: nothing is synced to disk.
    public static let fast = ServerSettings(["fsync": "off", "full_page_writes": "off"])

    /// What a server that is depended on has: what was committed is on disk.
    public static let durable = ServerSettings(["fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"])

    private init(_ values: [String: String]) {
        self.values = values.merging(["max_connections": "200"]) { $1 }
    }

    /// Changes a setting, or adds it.
    ///
    /// - Parameters:
    ///   - name: The setting's name.
    ///   - value: Its value, of letters, digits, points and signs: it passes through a shell.
    /// - Throws: ``PrivateClusterError`` for other characters.
    public mutating func set(_ name: String, to value: String) throws {
        for text in [name, value] where text.wholeMatch(of: /[A-Za-z0-9_.+-]+/) == nil {
            throw PrivateClusterError(message: "\"\(text)\" is no name or value of a setting")
        }
        values[name] = value
    }

    /// The settings as arguments of the server.
    var options: String {
        values.sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
