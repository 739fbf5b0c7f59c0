import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("A migration")
struct MigratorTests {
    /// Every function, view, table, comment and privilege of the schema, for comparison.
    private static let inventory: SQL = """
        SELECT string_agg(line, E'\\n' ORDER BY line) AS inventory
        FROM (
            SELECT pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') || obj_description(p.oid) AS line
            FROM pg_proc AS p WHERE p.pronamespace = 'reimbursement'::regnamespace
            UNION ALL
            SELECT c.relname || c.relkind::text || coalesce(pg_get_viewdef(c.oid), '') || coalesce(c.relacl::text, '')
            FROM pg_class AS c WHERE c.relnamespace = 'reimbursement'::regnamespace
            UNION ALL
            SELECT m.version || m.name || m.applied_at FROM reimbursement.migrations AS m
        ) AS lines
        """

    @Test("makes the schema, and a second one does no harm")
    func twice() async throws {
        let connection = try await TestDatabase.empty().connect()
        let first = try await Migrator().migrate(connection)
        #expect(first.applied == Migration.all)
        #expect(first.version == SchemaVersion.carried)
        let before = try await connection.query(Self.inventory)[0].texts
        let second = try await Migrator().migrate(connection)
        #expect(second.applied == [])
        #expect(try await connection.query(Self.inventory)[0].texts == before)
    }

    @Test("waits for another one that was started at the same time")
    func twoAtOnce() async throws {
        let database = try await TestDatabase.empty()
        let connections = [try await database.connect(), try await database.connect(), try await database.connect()]
        let outcomes = try await withThrowingTaskGroup { group in
            for connection in connections {
                group.addTask { try await Migrator().migrate(connection) }
            }
            return try await group.reduce(into: []) { $0.append($1.applied.count) }
        }
        #expect(outcomes.sorted() == [0, 0, Migration.all.count])
    }

    @Test("refuses a schema that is newer than itself, and changes nothing")
    func newer() async throws {
        let connection = try await TestDatabase.migrated().connect()
        try await connection.query("INSERT INTO reimbursement.migrations VALUES (9999, 'future')")
        try await connection.query("DROP VIEW reimbursement.job_progress")
        let expected = SchemaVersionError.newer(installed: 9999, carried: SchemaVersion.carried)
        await #expect(throws: expected) { try await Migrator().migrate(connection) }
        await #expect(throws: expected) { try await Migrator().script(for: connection) }
        await #expect(throws: expected) { try await SchemaVersion.check(on: connection) }
        let view = try await connection.query("SELECT to_regclass('reimbursement.job_progress') AS view")
        #expect(view[0].texts == [nil])
    }

    @Test("is asked for by a program that finds no schema, or an older one")
    func versionCheck() async throws {
        let connection = try await TestDatabase.empty().connect()
        await #expect(throws: SchemaVersionError.notInstalled) { try await SchemaVersion.check(on: connection) }
        _ = try await Migrator().migrate(connection)
        try await SchemaVersion.check(on: connection)
        let newest = SchemaVersion.carried
        try await connection.query("DELETE FROM reimbursement.migrations WHERE version = \(newest)")
        let expected = SchemaVersionError.older(installed: newest - 1, carried: newest)
        await #expect(throws: expected) { try await SchemaVersion.check(on: connection) }
    }

    @Test("names the file and the line that failed, and changes nothing")
    func failingFile() async throws {
        let connection = try await TestDatabase.empty().connect()
        let migrator = Migrator.sample(views: [
            "broken": "-- A comment.\ncreate view reimbursement.broken as\nselect nonsense"
        ])
        let error = try #require(
            await #expect(throws: MigrationError.self) { try await migrator.migrate(connection) }
        )
        #expect(error.path == "views/broken.sql")
        #expect(error.line == 3)
        #expect(error.underlying.sqlState == .undefinedColumn)
        #expect(try await SchemaVersion.installed(on: connection) == nil)
    }

    @Test("prints the script that it would run, which psql runs to the same end")
    func printedScript() async throws {
        let migrated = try await TestDatabase.empty()
        let printed = try await TestDatabase.empty()
        _ = try await Migrator().migrate(try await migrated.connect())
        let connection = try await printed.connect()
        let script = try await Migrator().script(for: connection)
        #expect(try await SchemaVersion.installed(on: connection) == nil)

        #expect(try await Psql.run(script, on: printed) == .exited(0))
        let inventory: SQL = """
            SELECT string_agg(line, E'\\n' ORDER BY line)
            FROM (
                SELECT pg_get_functiondef(p.oid) AS line
                FROM pg_proc AS p WHERE p.pronamespace = 'reimbursement'::regnamespace
                UNION ALL
                SELECT m.version || m.name FROM reimbursement.migrations AS m
                UNION ALL
                SELECT i.kind || i.name FROM reimbursement.installed_objects AS i
            ) AS lines
            """
        let byPsql = try await connection.query(inventory)[0].texts
        let byMigrator = try await migrated.connect().query(inventory)[0].texts
        #expect(byPsql == byMigrator)
        #expect(try await Psql.run(try await Migrator().script(for: connection), on: printed) == .exited(0))
    }
}
