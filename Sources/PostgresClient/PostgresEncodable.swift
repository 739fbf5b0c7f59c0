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

extension Array: PostgresEncodable where Element: PostgresEncodable {
    /// An array literal, each element in double quotes.
    public var postgresText: String {
        "{\(map { "\"\(Self.escaped($0.postgresText))\"" }.joined(separator: ","))}"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result
    }
}
