/// A value that can be read from a column of a result.
public protocol PostgresDecodable {
    /// Reads the value from PostgreSQL's own text form, or is `nil` when the text is none.
    init?(postgresText: String)
}

extension String: PostgresDecodable {
    /// The text itself, so that a number keeps every digit that PostgreSQL gave.
    public init?(postgresText: String) { self = postgresText }
}

extension Bool: PostgresDecodable {
    /// Reads `t` or `f`.
    public init?(postgresText: String) {
        switch postgresText {
        case "t": self = true
        case "f": self = false
        default: return nil
        }
    }
}

extension Int: PostgresDecodable {
    /// Reads decimal digits.
    public init?(postgresText: String) { self.init(postgresText) }
}

extension Int64: PostgresDecodable {
    /// Reads decimal digits.
    public init?(postgresText: String) { self.init(postgresText) }
}

extension Double: PostgresDecodable {
    /// Reads a floating-point number, as lengths of time are.
    ///
    /// Money is read as text, which keeps every digit.
    public init?(postgresText: String) { self.init(postgresText) }
}
