import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("A step of the schema", .serialized, .timeLimit(.minutes(15)))
struct MigrationStepTests {
    /// Every table with its columns, indexes, constraints, triggers and comments, for comparison; partitions apart.
    private static let tables: SQL = """
        SELECT t.relname, t.line
        FROM (
            SELECT c.relname, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
                || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || coalesce(col_description(c.oid, a.attnum), '') AS line
            FROM pg_class AS c
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'reimbursement'::regnamespace AND NOT c.relispartition
            UNION ALL
            SELECT c.relname, 'table ' || coalesce(obj_description(c.oid), '') || coalesce(c.reloptions::text, '')
            FROM pg_class AS c
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'reimbursement'::regnamespace AND NOT c.relispartition
            UNION ALL
            SELECT c.relname, pg_get_indexdef(i.indexrelid)
            FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
            WHERE c.relnamespace = 'reimbursement'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT c.relname, n.conname || ' ' || pg_get_constraintdef(n.oid)
            FROM pg_constraint AS n JOIN pg_class AS c ON c.oid = n.conrelid
            WHERE c.relnamespace = 'reimbursement'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            UNION ALL
            SELECT c.relname, pg_get_triggerdef(t.oid)
            FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'reimbursement'::regnamespace AND NOT c.relispartition AND NOT t.tgisinternal
        ) AS t
        ORDER BY t.relname COLLATE "C", t.line COLLATE "C"
        """

    private static func tables(_ connection: PostgresConnection) async throws -> [[String?]] {
        try await connection.query(tables).map(\.texts)
    }

    @Test("back leaves the tables as the version before made them, and forth again as they were")
    func backAndForth() async throws {
        let connection = try await TestDatabase.migrated().connect()
        let newest = try await Self.tables(connection)
        var version = SchemaVersion.carried
        while Migration.all.first(where: { $0.version == version })?.wayBack != nil {
            #expect(try await Migrator().takeBack(connection).version == version)
            version -= 1
            #expect(try await SchemaVersion.installed(on: connection) == version)
            let other = try await TestDatabase.empty().connect()
            #expect(try await Migrator().migrate(other, to: version).version == version)
            let expected = try await Self.tables(other)
            let found = try await Self.tables(connection)
            #expect(found.filter { !expected.contains($0) } == [])
            #expect(expected.filter { !found.contains($0) } == [])
        }
        #expect(version < SchemaVersion.carried)
        #expect(try await Migrator().migrate(connection).version == SchemaVersion.carried)
        #expect(try await Self.tables(connection) == newest)
    }

    @Test("back is refused where a migration has no way back, which it names")
    func noWayBack() async throws {
        let database = try await TestDatabase.empty()
        let connection = try await database.connect()
        _ = try await Migrator().migrate(connection, to: 14)
        let name = try #require(Migration.all.first { $0.version == 14 }).file.name
        await #expect(throws: MigrationStepError.noWayBack(name)) { try await Migrator().takeBack(connection) }
        #expect(try await SchemaVersion.installed(on: connection) == 14)
    }

    @Test("back says what would be lost, and loses nothing")
    func loss() async throws {
        let connection = try await TestDatabase.migrated().connect()
        try await takeBack(to: 26, on: connection)
        try await connection.query(
            """
            INSERT INTO reimbursement.legal_entities (legal_entity_id, name, accounting_currency)
            VALUES ('USMF', 'Contoso', 'USD');
            INSERT INTO reimbursement.job_limits VALUES ('default', 'USMF', 2, NULL);
            """
        )
        let error = await #expect(throws: MigrationError.self) { try await Migrator().takeBack(connection) }
        #expect(error?.underlying.message == "taking this migration back would lose 1 rows of job_limits")
        #expect(try await SchemaVersion.installed(on: connection) == 26)
        #expect(try await connection.query("SELECT running FROM reimbursement.job_limits")[0].texts == ["2"])
        try await connection.query("DELETE FROM reimbursement.job_limits")
        #expect(try await Migrator().takeBack(connection).version == 26)
    }

    @Test("back is refused while workers are there, whichever migration it is; who has been silent is not")
    func workersAtWork() async throws {
        let connection = try await TestDatabase.migrated().connect()
        try await connection.query(
            """
            INSERT INTO reimbursement.connected_workers (worker, queue, slots, seen_every, seen_at, version)
            VALUES ('vm/1', 'default', 1, '5 seconds', now(), '30'), ('vm/2', 'default', 1, '5 seconds', now(), '30'),
                ('vm/3', 'default', 1, '5 seconds', now() - interval '2 minutes', '30'),
                ('vm/4', 'default', 1, '1 minute', now() - interval '2 minutes', '30')
            """
        )
        for version in stride(from: SchemaVersion.carried, through: 26, by: -1) {
            let atWork = MigrationStepError.workersAtWork(["vm/1", "vm/2", "vm/4"])
            await #expect(throws: atWork) { try await Migrator().takeBack(connection) }
            #expect(try await SchemaVersion.installed(on: connection) == version)
            let later: SQL = "UPDATE reimbursement.connected_workers SET seen_at = seen_at + interval '1 hour'"
            let earlier: SQL = "UPDATE reimbursement.connected_workers SET seen_at = seen_at - interval '1 hour'"
            try await connection.query(earlier)
            #expect(try await Migrator().takeBack(connection).version == version)
            guard version > 26 else { break }
            try await connection.query(later)
        }
    }

    private func takeBack(to version: Int, on connection: PostgresConnection) async throws {
        for _ in Migration.all where try await SchemaVersion.installed(on: connection) ?? 0 > version {
            _ = try await Migrator().takeBack(connection)
        }
    }

    @Test("to a version that is not known, or that lies behind, is refused")
    func refusedSteps() async throws {
        let connection = try await TestDatabase.empty().connect()
        let newest = SchemaVersion.carried
        for version in [0, newest + 1] {
            await #expect(throws: MigrationStepError.unknown(version, newest: newest)) {
                try await Migrator().migrate(connection, to: version)
            }
        }
        _ = try await Migrator().migrate(connection, to: 15)
        await #expect(throws: MigrationStepError.behind(14, installed: 15)) {
            try await Migrator().migrate(connection, to: 14)
        }
        #expect(try await SchemaVersion.installed(on: connection) == 15)
        #expect(try await Migrator().migrate(connection, to: newest).version == newest)
        try await SchemaVersion.check(on: connection)
    }

    @Test("waits for a lock no longer than it is told to, says who has it, and leaves nothing half done")
    func lockTimeout() async throws {
        let database = try await TestDatabase.empty()
        let connection = try await database.connect()
        _ = try await Migrator().migrate(connection, to: 14)
        let clerk = try await database.connect()
        let process: Int = try await clerk.query("SELECT pg_backend_pid() AS process")[0].value("process")
        try await clerk.query(
            """
            BEGIN;
            SET LOCAL application_name = 'month end';
            LOCK TABLE reimbursement.customer_transactions IN ROW EXCLUSIVE MODE
            """
        )
        try await connection.query("SET lock_timeout = '1h'")
        let error = await #expect(throws: MigrationLockError.self) {
            try await Migrator().migrate(connection, lockTimeout: .milliseconds(300))
        }
        #expect(error?.path?.hasPrefix("migrations/0015") == true)
        #expect(error?.holders.map(\.process) == [process])
        #expect(error?.detail?.contains("of postgres (month end), in a transaction since") == true)
        #expect(error?.hint.contains("pg_terminate_backend(\(process))") == true)
        #expect(try await SchemaVersion.installed(on: connection) == 14)
        try await clerk.query("ROLLBACK")
        #expect(try await Migrator().migrate(connection).version == SchemaVersion.carried)
    }

    @Test("waits five seconds for a lock unless the session says otherwise")
    func usualPatience() async throws {
        let database = try await TestDatabase.migrated()
        let clerk = try await database.connect()
        try await clerk.query("BEGIN; LOCK TABLE reimbursement.runs IN ACCESS SHARE MODE")
        let connection = try await database.connect()
        let began = ContinuousClock.now
        await #expect(throws: MigrationLockError.self) { try await Migrator().migrate(connection) }
        #expect(ContinuousClock.now - began > .seconds(5))
        #expect(ContinuousClock.now - began < .seconds(60))
    }
}
