import CLibPQ

/// A message that the server sent along: a notice, a warning, or the reason for which it ends the session.
public struct PostgresNotice: Hashable, Sendable {
    /// How much it matters: `DEBUG`, `LOG`, `INFO`, `NOTICE`, `WARNING`, or `FATAL` for the end of the session.
    public let severity: String
    /// The kind of message.
    public let sqlState: SQLState
    /// The message.
    public let message: String
    /// More about it, possibly with values of rows.
    public let detail: String?
    /// What to do about it.
    public let hint: String?

    init(result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        severity = field(CLIBPQ_SEVERITY) ?? "NOTICE"
        sqlState = SQLState(field(CLIBPQ_SQLSTATE) ?? "00000")
        message = field(CLIBPQ_MESSAGE) ?? String(cString: PQresultErrorMessage(result)).trimmed
        detail = field(CLIBPQ_DETAIL)
        hint = field(CLIBPQ_HINT)
    }
}
