import PostgresClient

extension Migrator {
    /// Brings the tables to a version that this program knows, and leaves functions and views as they are.
    ///
    /// Functions and views are those of this program or of the one that installed them, and fit no version between, so
    /// that no worker works until ``migrate(_:owner:lockTimeout:)`` has done the rest.
    ///
    /// - Parameters:
    ///   - connection: A connection to the database that nobody else uses meanwhile.
    ///   - version: The number of the last migration to be run; with the newest, this is an ordinary migration.
    ///   - owner: As in ``migrate(_:owner:lockTimeout:)``.
    ///   - lockTimeout: Likewise.
    /// - Returns: What was done.
    /// - Throws: ``MigrationStepError`` for a version that is not known or lies behind, and what an ordinary migration
    ///   throws.
    public func migrate(
        _ connection: PostgresConnection,
        to version: Int,
        owner: String? = nil,
        lockTimeout: Duration? = nil
    ) async throws -> Outcome {
        guard migrations.contains(where: { $0.version == version }) else {
            throw MigrationStepError.unknown(version, newest: newestVersion)
        }
        if let installed = try await SchemaVersion.installed(on: connection), installed > version {
            throw MigrationStepError.behind(version, installed: installed)
        }
        if version == newestVersion { return try await migrate(connection, owner: owner, lockTimeout: lockTimeout) }
        return try await change(connection, owner: owner, lockTimeout: lockTimeout) { connection, installed in
            guard installed <= version else { throw MigrationStepError.behind(version, installed: installed) }
            for step in [ruleList] + tables(after: installed, through: version) {
                try await run(step, on: connection)
            }
            return Outcome(
                applied: migrations.filter { $0.version > installed && $0.version <= version },
                version: version
            )
        }
    }

    /// Takes the newest migration back, where that loses nothing that somebody has written.
    ///
    /// Functions and views of this program stay, apart from those that its tables go with, until the program of the
    /// version before installs its own. Workers must have ended: they would meet tables that their functions do not fit.
    ///
    /// - Parameters:
    ///   - connection: A connection to the database that nobody else uses meanwhile.
    ///   - lockTimeout: As in ``migrate(_:owner:lockTimeout:)``.
    /// - Returns: The migration that was taken back.
    /// - Throws: ``MigrationStepError`` where there is no way back or workers are at work, ``MigrationError`` where
    ///   something would be lost, and what an ordinary migration throws.
    public func takeBack(_ connection: PostgresConnection, lockTimeout: Duration? = nil) async throws -> Migration {
        guard try await SchemaVersion.installed(on: connection) != nil else { throw SchemaVersionError.notInstalled }
        return try await change(connection, owner: nil, lockTimeout: lockTimeout) { connection, installed in
            guard let migration = migrations.first(where: { $0.version == installed }) else {
                throw SchemaVersionError.notInstalled
            }
            guard let file = migration.wayBack else { throw MigrationStepError.noWayBack(migration.file.name) }
            let workers = try await workersAtWork(connection)
            guard workers.isEmpty else { throw MigrationStepError.workersAtWork(workers) }
            try await run(Step(file: file, sql: file.text), on: connection)
            try await connection.query("delete from reimbursement.migrations where version = \(installed)")
            return migration
        }
    }

    /// The workers that have said within a minute, or three times as long as they leave between, that they are there.
    private func workersAtWork(_ connection: PostgresConnection) async throws -> [String] {
        let list = try await connection.query(
            "select pg_catalog.to_regclass('reimbursement.connected_workers') is not null as is_there"
        )
        guard try list[0].value("is_there") else { return [] }
        return try await connection.query(
            """
            select w.worker
            from reimbursement.connected_workers as w
            where w.seen_at > pg_catalog.clock_timestamp() - greatest(interval '1 minute', w.seen_every * 3)
            order by w.worker
            """
        ).map { try $0.value("worker") }
    }
}

/// A step of the schema that cannot be made; nothing has been changed.
public enum MigrationStepError: Error, Hashable, CustomStringConvertible {
    /// There is no migration of this number.
    case unknown(Int, newest: Int)
    /// The schema is beyond it.
    case behind(Int, installed: Int)
    /// The newest migration cannot be taken back.
    case noWayBack(String)
    /// It cannot be taken back while these workers are there.
    case workersAtWork([String])

    /// What is wrong.
    public var description: String {
        switch self {
        case .unknown(let version, let newest):
            "there is no migration \(version): this program has those from 1 to \(newest)"
        case .behind(let version, let installed):
            "the schema is at version \(installed), and migrating to \(version) would be a step back"
        case .noWayBack(let name): "the migration \(name) has no way back"
        case .workersAtWork(let workers): "workers are at work: \(workers.joined(separator: ", "))"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .unknown: "Give --to one of these, or leave it out."
        case .behind: "`reimburse migrate --down` takes the newest migration back, where that loses nothing."
        case .noWayBack: "Restore a backup from before it. Nothing has been changed."
        case .workersAtWork: "Stop them, and take the migration back then. Nothing has been changed."
        }
    }
}
