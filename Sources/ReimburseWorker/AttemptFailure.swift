import PostgresClient

/// Why an attempt at a job ended without its effects.
struct AttemptFailure: Error {
    /// How the database counts it.
    enum Kind: String {
        /// The transfer ended with an error.
        case failed
        /// The connection broke or the server crashed, and nobody can tell from here what became of the transfer.
        case lost
    }

    /// How the database counts it.
    let kind: Kind
    /// The kind of error.
    let sqlState: SQLState
    /// What went wrong.
    let message: String

    /// The attempt was cancelled because the worker was told to stop at once.
    static let cancelled = AttemptFailure(
        kind: .failed,
        sqlState: .queryCanceled,
        message: "the worker was told to stop at once"
    )

    /// The failure that an error of the transfer means.
    init(_ error: any Error) {
        switch error {
        case let error as PostgresError:
            self.init(
                kind: error.isConnectionLost ? .lost : .failed,
                sqlState: error.sqlState,
                message: error.sqlState == .lockNotAvailable
                    ? "\(error.message): another session has held a lock that the job needs for longer than --lock-timeout"
                    : error.message
            )
        case is CancellationError:
            self = .cancelled
        default:
            self.init(kind: .failed, sqlState: SQLState("XX000"), message: String(describing: error))
        }
    }

    private init(kind: Kind, sqlState: SQLState, message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
    }
}
