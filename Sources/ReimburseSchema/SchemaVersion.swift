import PostgresClient

/// Which version of the schema a program works with.
public enum SchemaVersion {
    /// The version that this program carries: the number of its last migration.
    public static let carried = Migration.all.last?.version ?? 0

    /// The version of a database.
    ///
    /// - Parameter connection: A connection to the database.
    /// - Returns: The number of the last migration, or `nil` when the schema has never been installed.
    /// - Throws: ``/PostgresClient/PostgresError``.
    public static func installed(on connection: PostgresConnection) async throws -> Int? {
        let found = try await connection.query(
            "select pg_catalog.to_regclass('reimbursement.migrations') is not null as found"
        )
        guard try found[0].value("found", as: Bool.self) else { return nil }
        let rows = try await connection.query("select pg_catalog.max(version) as version from reimbursement.migrations")
        return try rows[0].optional("version")
    }

    /// Refuses a database whose schema is not the one that this program works with.
    ///
    /// - Parameter connection: A connection to the database.
    /// - Throws: ``SchemaVersionError``, or ``/PostgresClient/PostgresError``.
    public static func check(on connection: PostgresConnection) async throws {
        try check(await installed(on: connection))
    }

    /// Refuses a version of the schema that is not the one that this program works with.
    ///
    /// - Parameter installed: The version of a database, or `nil` when it has none.
    /// - Throws: ``SchemaVersionError``.
    public static func check(_ installed: Int?) throws {
        switch installed {
        case nil: throw SchemaVersionError.notInstalled
        case let version? where version < carried: throw SchemaVersionError.older(installed: version, carried: carried)
        case let version? where version > carried: throw SchemaVersionError.newer(installed: version, carried: carried)
        default: break
        }
    }
}

/// A schema that this program does not work with.
public enum SchemaVersionError: Error, Hashable, CustomStringConvertible {
    /// There is none.
    case notInstalled
    /// It is older than the program.
    case older(installed: Int, carried: Int)
    /// It is newer than the program.
    case newer(installed: Int, carried: Int)

    /// What is wrong.
    public var description: String {
        switch self {
        case .notInstalled:
            "the database has no schema reimbursement"
        case .older(let installed, let carried):
            "the schema is at version \(installed), and this program needs version \(carried)"
        case .newer(let installed, let carried):
            "the schema is at version \(installed), and this program knows no later version than \(carried)"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .notInstalled: "Install it with: reimburse migrate"
        case .older: "Bring it up to date with: reimburse migrate"
        case .newer: "Use the reimburse that installed it, or a later one."
        }
    }
}
