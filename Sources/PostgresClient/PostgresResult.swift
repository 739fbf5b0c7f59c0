import CLibPQ

/// A result of libpq's, cleared when nobody uses it any more.
///
/// libpq never changes a result once it is complete and this client only reads it, so it may be shared by threads.
final class PostgresResult: @unchecked Sendable {
    let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    /// What kind of result it is.
    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The error that the result carries, if any.
    var error: PostgresError? {
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE, let pointer else { return nil }
        return PostgresError(result: pointer)
    }
}
