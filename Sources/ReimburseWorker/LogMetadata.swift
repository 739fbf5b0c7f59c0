import Logging
import PostgresClient

extension Logger.Metadata {
    /// An error, without the values that its detail may hold.
    static func error(_ error: PostgresError) -> Logger.Metadata {
        ["sqlstate": "\(error.sqlState)", "error": "\(error.message)"]
    }

    /// A length of time in seconds, to the millisecond.
    static func seconds(_ duration: Duration) -> Logger.Metadata {
        let milliseconds = duration / .milliseconds(1)
        return ["seconds": "\((milliseconds).rounded() / 1000)"]
    }
}
