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

    /// The failure that an error of the transfer means.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - timeout: How long the attempt was allowed to take.
    init(_ error: any Error, timeout: Duration? = nil) {
        guard let error = error as? PostgresError else {
            self.init(kind: .failed, sqlState: SQLState("XX000"), message: String(describing: error))
            return
        }
        let message =
            switch (error.sqlState, timeout) {
            case (.lockNotAvailable, _):
                "\(error.message): another session has held a lock that the job needs for longer than --lock-timeout"
            case (.queryCanceled, let timeout?):
                "\(error.message): the timeout of the run is \(timeout)"
            default: error.message
            }
        self.init(kind: error.isConnectionLost ? .lost : .failed, sqlState: error.sqlState, message: message)
    }

    private init(kind: Kind, sqlState: SQLState, message: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
    }
}
