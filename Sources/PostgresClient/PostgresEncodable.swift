/// A value that can be written into a statement.
public protocol PostgresEncodable: Sendable {
    /// The value in PostgreSQL's own text form.
    var postgresText: String { get }
}

extension String: PostgresEncodable {
    /// The text itself.
    public var postgresText: String { self }
}

extension Bool: PostgresEncodable {
    /// `true` or `false`.
    public var postgresText: String { self ? "true" : "false" }
}

extension Int: PostgresEncodable {
    /// The number in decimal digits.
    public var postgresText: String { String(self) }
}

extension Int64: PostgresEncodable {
    /// The number in decimal digits.
    public var postgresText: String { String(self) }
}
