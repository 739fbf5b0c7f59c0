import CLibPQ

extension SQL {
    /// The text to send, with values and names escaped by libpq for the connection.
    ///
    /// - Parameter connection: The connection that the text goes out on.
    /// - Returns: The text.
    /// - Throws: ``PostgresError`` with SQLSTATE 22021 for a value that holds a NUL character.
    func text(escapedFor connection: OpaquePointer) throws -> String {
        var text = ""
        for fragment in fragments {
            switch fragment {
            case .text(let part): text += part
            case .literal(nil): text += "NULL"
            case .literal(let value?): text += try Self.escape(value, with: PQescapeLiteral, on: connection)
            case .identifier(let name): text += try Self.escape(name, with: PQescapeIdentifier, on: connection)
            }
        }
        return text
    }

    private static func escape(
        _ value: String,
        with escape: (OpaquePointer?, UnsafePointer<CChar>?, Int) -> UnsafeMutablePointer<CChar>?,
        on connection: OpaquePointer
    ) throws -> String {
        guard !value.utf8.contains(0) else {
            throw PostgresError(sqlState: .characterNotInRepertoire, message: "a text holds a NUL character")
        }
        guard let escaped = escape(connection, value, value.utf8.count) else {
            throw PostgresError(
                sqlState: .characterNotInRepertoire,
                message: String(cString: PQerrorMessage(connection)).trimmed
            )
        }
        defer { PQfreemem(escaped) }
        return String(cString: escaped)
    }
}
