import ArgumentParser
import PostgresClient
import ReimburseSchema

/// What a person gets to read about an error: what went wrong, more about it, and what to do.
struct ErrorReport {
    private let lines: [String]

    /// A report of an error, or nothing where the error is only a way to end the program.
    init?(_ error: any Error) {
        switch error {
        case is ExitCode, is CancellationError:
            return nil
        case let error as PostgresError:
            self.init(String(describing: error), detail: error.detail, hint: error.hint ?? Self.hint(for: error))
        case let error as MigrationError:
            self.init(String(describing: error), detail: error.underlying.detail, hint: error.underlying.hint)
        case let error as MigrationLockError:
            self.init(String(describing: error), detail: error.detail, hint: error.hint)
        case let error as MigrationStepError:
            self.init(String(describing: error), hint: error.hint)
        case let error as SchemaVersionError:
            self.init(String(describing: error), hint: error.hint)
        default:
            self.init(String(describing: error))
        }
    }

    private init(_ message: String, detail: String? = nil, hint: String? = nil) {
        lines = ["error: \(message)"] + [detail.map { "detail: \($0)" }, hint.map { "hint: \($0)" }].compactMap(\.self)
    }

    /// Writes the report to standard error.
    func print() {
        for line in lines { Terminal.standardError.write(line.escapingControls(isOnOneLine: false) + "\n") }
    }

    /// What to do about an error for which PostgreSQL has no advice.
    private static func hint(for error: PostgresError) -> String? {
        switch error.sqlState {
        case .unableToConnect:
            "Is the server running, and do --database or PGHOST, PGPORT and the like say where? See `psql` for a second opinion."
        case .invalidPassword:
            "Set the right password in ~/.pgpass or PGPASSWORD, and the user with --database or PGUSER."
        case .invalidCatalogName:
            "Create it with `createdb`, or name another with --database or PGDATABASE."
        default:
            nil
        }
    }
}
