import PostgresClient

/// Installs the schema, or brings it up to date, in one transaction.
///
/// Tables are made by migrations, each of which is run once. Functions and views are re-created every time; what an
/// earlier version had and this one has not is dropped, and privileges are granted again on what had to be dropped.
/// Nothing is ever dropped along with something else: a user's object that stands in the way is an error.
public struct Migrator: Sendable {
    let migrations: [Migration]
    private let rules: [SQLFile]
    private let objects: [SQLFile]

    /// What a migration did.
    public struct Outcome: Hashable, Sendable {
        /// The migrations that were run, in order.
        public let applied: [Migration]
        /// The version of the schema now.
        public let version: Int
    }

    /// Makes a migrator of the files that the program carries.
    public init() {
        self.init(
            migrations: Migration.all,
            rules: SQLFile.files(in: "rules"),
            objects: SQLFile.files(in: "functions") + SQLFile.files(in: "views")
        )
    }

    /// Makes a migrator of other files, as an earlier or a later version of the program would carry.
    init(migrations: [Migration], rules: [SQLFile], objects: [SQLFile]) {
        self.migrations = migrations
        self.rules = rules
        self.objects = objects
    }

    /// Migrates a database; nothing is changed when it fails.
    ///
    /// - Parameters:
    ///   - connection: A connection to the database that nobody else uses meanwhile.
    ///   - owner: The role that the schema and everything in it is to belong to; `nil` is whoever it belongs to, or
    ///     whoever migrates where there is none yet.
    ///   - lockTimeout: How long to wait for each lock on a table; `nil` is what the session has, else five seconds.
    /// - Returns: What was done.
    /// - Throws: ``SchemaVersionError`` for a schema that is newer than this program, ``MigrationLockError``,
    ///   ``MigrationError`` for a file that failed, ``/PostgresClient/PostgresError``.
    public func migrate(_ connection: PostgresConnection, owner: String? = nil, lockTimeout: Duration? = nil)
        async throws -> Outcome
    {
        try await change(connection, owner: owner, lockTimeout: lockTimeout) { connection, installed in
            for step in steps(after: installed) { try await run(step, on: connection) }
            try await connection.query(.init(script: Self.installer("finish").text))
            return Outcome(applied: migrations.filter { $0.version > installed }, version: newestVersion)
        }
    }

    /// Does something to the schema in one transaction, alone, as its owner.
    func change<Result: Sendable>(
        _ connection: PostgresConnection,
        owner: String?,
        lockTimeout: Duration?,
        _ body: @Sendable (PostgresConnection, _ installed: Int) async throws -> Result
    ) async throws -> Result {
        try await naming(on: connection) {
            try await connection.transaction { connection in
                let lockTimeout = lockTimeout.map { "\($0 / .milliseconds(1))ms" } ?? ""
                try await connection.query(.init(script: "set transaction isolation level read committed"))
                try await connection.query(
                    """
                    select pg_catalog.set_config('reimburse.owner', \(owner ?? ""), true),
                        pg_catalog.set_config('reimburse.lock_timeout', \(lockTimeout), true)
                    """
                )
                try await connection.query(.init(script: Self.installer("prepare").text))
                try await connection.query(.init(script: Self.installer("procedures").text))
                let outcome = try await body(connection, try await refuseNewer(on: connection))
                try await connection.query(.init(script: Self.installer("clean_up").text))
                return outcome
            }
        }
    }

    /// Runs a piece of a migration, and says in which file it failed.
    func run(_ step: Step, on connection: PostgresConnection) async throws {
        do {
            try await connection.query(.init(script: step.sql))
        } catch let error as PostgresError {
            guard let file = step.file else { throw error }
            throw MigrationError(path: file.path, text: file.text, underlying: error)
        }
    }

    /// Writes the script that ``migrate(_:)`` would run on a database, for psql; runs nothing.
    ///
    /// - Parameters:
    ///   - connection: A connection to the database.
    ///   - owner: The role that the schema is to belong to.
    /// - Returns: The script.
    /// - Throws: ``SchemaVersionError`` for a schema that is newer than this program, or
    ///   ``/PostgresClient/PostgresError``.
    public func script(for connection: PostgresConnection, owner: String? = nil) async throws -> String {
        let installed = try await refuseNewer(on: connection)
        let parts =
            [
                "\\set ON_ERROR_STOP on\n\\set QUIET on\nbegin isolation level read committed;\n",
                "set local standard_conforming_strings = on;\nset local reimburse.owner = \(Self.quoted(owner ?? ""));\n",
                "set local reimburse.lock_timeout = '';\n",
                Self.installer("prepare").text,
                Self.installer("procedures").text,
                versionGuard,
            ] + steps(after: installed).map(\.sql) + [
                Self.installer("finish").text, Self.installer("clean_up").text, "commit;\n",
            ]
        return parts.joined(separator: "\n")
    }

    // MARK: - Steps

    /// A piece of the script, and the file it is made of.
    struct Step {
        var file: SQLFile?
        var sql: String
    }

    var newestVersion: Int { migrations.last?.version ?? 0 }

    private func steps(after installed: Int) -> [Step] {
        [Step(sql: list(rules + objects))] + tables(after: installed, through: newestVersion) + objects.map(install)
    }

    /// What makes the tables of a version of what is installed.
    func tables(after installed: Int, through version: Int) -> [Step] {
        rules.map(install) + migrations.filter { $0.version > installed && $0.version <= version }.map(apply)
    }

    /// Tells the installer of the rules alone.
    var ruleList: Step { Step(sql: list(rules)) }

    /// Tells the installer which files there are, before the first is run.
    private func list(_ files: [SQLFile]) -> String {
        let rows = files.enumerated().map { position, file in
            let kind = file.path.hasPrefix("views/") ? "view" : "function"
            return "    (\(position + 1), \(Self.quoted(file.path)), '\(kind)', \(Self.quoted(file.name)))"
        }
        guard !rows.isEmpty else { return "" }
        return "insert into pg_temp.migration_files (position, path, kind, name) values\n"
            + rows.joined(separator: ",\n") + ";\n"
    }

    private func install(_ file: SQLFile) -> Step {
        Step(file: file, sql: "call pg_temp.install_file(\(Self.quoted(file.path)), \(Self.quoted(file.text)));\n")
    }

    private func apply(_ migration: Migration) -> Step {
        let name = Self.quoted(migration.file.name)
        let text = Self.quoted(migration.file.text)
        return Step(
            file: migration.file,
            sql: "call pg_temp.apply_migration(\(migration.version), \(name), \(text));\n"
        )
    }

    /// Ends a printed script that is run on a schema which has become newer meanwhile.
    private var versionGuard: String {
        """
        do $guard$
        begin
            if exists (select from reimbursement.migrations as m where m.version > \(newestVersion)) then
                raise exception 'the schema is newer than this script, which ends at version \(newestVersion)';
            end if;
        end
        $guard$;

        """
    }

    private func refuseNewer(on connection: PostgresConnection) async throws -> Int {
        let installed = try await SchemaVersion.installed(on: connection) ?? 0
        guard installed <= newestVersion else {
            throw SchemaVersionError.newer(installed: installed, carried: newestVersion)
        }
        return installed
    }

    private static func installer(_ name: String) -> SQLFile {
        guard let file = SQLFile.files(in: "Installer").first(where: { $0.name == name }) else {
            preconditionFailure("the program does not carry its installer")
        }
        return file
    }

    /// A text in dollar quotes, or in plain ones when it is one line.
    private static func quoted(_ text: String) -> String {
        if !text.contains(where: { $0 == "'" || $0 == "\\" || $0.isNewline }) { return "'\(text)'" }
        var tag = "$sql$"
        var number = 1
        while text.contains(tag) {
            number += 1
            tag = "$sql\(number)$"
        }
        return "\(tag)\(text)\(tag)"
    }
}
