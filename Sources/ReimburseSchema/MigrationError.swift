import PostgresClient

/// A migration that failed and changed nothing.
public struct MigrationError: Error, CustomStringConvertible {
    /// The file that failed.
    public let path: String
    /// The line in it, from 1, when PostgreSQL said where.
    public let line: Int?
    /// What PostgreSQL said.
    public let underlying: PostgresError

    /// Where, and what went wrong.
    public var description: String {
        "sql/\(path)\(line.map { ":\($0)" } ?? ""): \(underlying)"
    }

    init(path: String, text: String, underlying: PostgresError) {
        self.path = path
        self.underlying = underlying
        if underlying.internalQuery == text, let position = underlying.internalPosition {
            line = text.unicodeScalars.prefix(position - 1).count { $0 == "\n" } + 1
        } else {
            line = nil
        }
    }
}
