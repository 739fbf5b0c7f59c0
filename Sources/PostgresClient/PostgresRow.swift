import CLibPQ

/// A row of a result.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    /// The values in PostgreSQL's own text form, in the order of the columns; `nil` is NULL.
    public var texts: [String?] {
        (0..<PQnfields(result.pointer)).map(text(at:))
    }

    /// The value of a column that is never NULL.
    ///
    /// - Parameters:
    ///   - column: The name of the column, in lower case unless the statement quoted it.
    ///   - type: The type to read the value as.
    /// - Returns: The value.
    /// - Throws: ``PostgresError`` when there is no such column, or when its value is NULL or of another type.
    public func value<Value: PostgresDecodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(column, as: type) else {
            throw PostgresError(
                sqlState: .invalidTextRepresentation,
                message: "column \(column) is NULL, where a \(type) was expected"
            )
        }
        return value
    }

    /// The value of a column, or `nil` for NULL.
    ///
    /// - Parameters:
    ///   - column: The name of the column, in lower case unless the statement quoted it.
    ///   - type: The type to read the value as.
    /// - Returns: The value, or `nil` for NULL.
    /// - Throws: ``PostgresError`` when there is no such column, or when its value is of another type.
    public func optional<Value: PostgresDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws -> Value? {
        let number = PQfnumber(result.pointer, "\"\(column)\"")
        guard number >= 0 else {
            throw PostgresError(sqlState: .undefinedColumn, message: "the result has no column \(column)")
        }
        guard let text = text(at: number) else { return nil }
        guard let value = Value(postgresText: text) else {
            throw PostgresError(
                sqlState: .invalidTextRepresentation,
                message: "the value of column \(column) is no \(type)"
            )
        }
        return value
    }

    private func text(at column: Int32) -> String? {
        guard PQgetisnull(result.pointer, index, column) == 0 else { return nil }
        return String(cString: PQgetvalue(result.pointer, index, column))
    }
}
