import CLibPQ

/// What PostgreSQL, or the way to it, answered instead of a result.
///
/// The statement and the values in it are not part of the error, so that financial data does not reach a log by way
/// of a failure. `detail` may quote values of a row: show it to the person who asked, keep it out of logs.
public struct PostgresError: Error, Hashable, Sendable {
    /// The kind of error.
    public let sqlState: SQLState
    /// One sentence: what went wrong.
    public let message: String
    /// More about it, possibly with values of rows.
    public let detail: String?
    /// What to do about it.
    public let hint: String?
    /// The statement inside a function or a `DO` block at which it happened.
    public let internalQuery: String?
    /// Where in `internalQuery` it happened, in characters from 1.
    public let internalPosition: Int?

    /// Makes an error of its parts.
    public init(
        sqlState: SQLState,
        message: String,
        detail: String? = nil,
        hint: String? = nil,
        internalQuery: String? = nil,
        internalPosition: Int? = nil
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.internalQuery = internalQuery
        self.internalPosition = internalPosition
    }

    /// Whether the connection is gone, so that nobody can tell from here whether the statement took effect.
    public var isConnectionLost: Bool {
        sqlState.errorClass == "08" || sqlState == .crashShutdown
    }
}

extension PostgresError: CustomStringConvertible {
    /// The message and the SQLSTATE; neither detail nor statement.
    public var description: String { "\(message) (SQLSTATE \(sqlState))" }
}

extension PostgresError {
    /// The error that a result carries.
    init(result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        self.init(
            // A result without a state is libpq's own: it found the connection broken.
            sqlState: field(CLIBPQ_SQLSTATE).map(SQLState.init(rawValue:)) ?? .connectionFailure,
            message: field(CLIBPQ_MESSAGE) ?? String(cString: PQresultErrorMessage(result)).trimmed,
            detail: field(CLIBPQ_DETAIL),
            hint: field(CLIBPQ_HINT),
            internalQuery: field(CLIBPQ_INTERNAL_QUERY),
            internalPosition: field(CLIBPQ_INTERNAL_POSITION).flatMap { Int($0) }
        )
    }
}

extension String {
    /// The text without white space at its ends; libpq ends its messages with a new line.
    var trimmed: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return String(text)
    }
}
