/// An SQL statement, or several separated by semicolons, whose values are escaped when it is sent.
///
/// ```swift
/// try await connection.query("select name from customers where customer_account = \(account)")
/// ```
///
/// An interpolated value becomes a literal that libpq escapes for the connection it goes out on; there is no way to
/// interpolate plain text by accident. Everything is sent by the simple protocol in one message, which prepares
/// nothing and so passes through any pooler.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// A piece of a statement.
    enum Fragment: Sendable {
        case text(String)
        case literal(String?)
        case identifier(String)
    }

    /// The pieces in order.
    var fragments: [Fragment]

    /// A statement without values, from a literal in the source.
    public init(stringLiteral text: String) {
        fragments = [.text(text)]
    }

    /// A statement put together by interpolation.
    public init(stringInterpolation: Interpolation) {
        fragments = stringInterpolation.fragments
    }

    /// A script that is trusted as it stands, such as a file of SQL; never text that a user gave.
    public init(script: String) {
        fragments = [.text(script)]
    }

    /// Several pieces, one after the other.
    public init(joining pieces: [SQL], separator: String) {
        fragments = []
        for (index, piece) in pieces.enumerated() {
            if index > 0 { fragments.append(.text(separator)) }
            fragments += piece.fragments
        }
    }

    /// What the compiler calls for each part of an interpolated statement.
    public struct Interpolation: StringInterpolationProtocol {
        var fragments: [Fragment] = []

        /// Begins a statement.
        public init(literalCapacity: Int, interpolationCount: Int) {
            fragments.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Appends what stands in the source.
        public mutating func appendLiteral(_ literal: String) {
            fragments.append(.text(literal))
        }

        /// Appends a value as an escaped literal, `nil` as `NULL`.
        public mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
            fragments.append(.literal(value?.postgresText))
        }

        /// Appends a name, quoted.
        public mutating func appendInterpolation(identifier: String) {
            fragments.append(.identifier(identifier))
        }

        /// Appends another statement, or a part of one.
        public mutating func appendInterpolation(_ sql: SQL) {
            fragments += sql.fragments
        }
    }
}
