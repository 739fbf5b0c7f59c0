import PostgresClient
import ReimburseSchema
import TestSupport
import Testing

@Suite("A database that the books cannot live in")
struct RequirementTests {
    @Test("without the collation by which accounts are folded is refused, and nothing is written")
    func noICU() async throws {
        let connection = try await TestDatabase.empty().connect()
        try await connection.query("DROP COLLATION pg_catalog.\"und-x-icu\"")
        let error = await #expect(throws: PostgresError.self) { try await Migrator().migrate(connection) }
        #expect(error?.sqlState == .featureNotSupported)
        #expect(error?.message.contains("has no ICU collation \"und-x-icu\"") == true)
        #expect(error?.hint?.contains("pg_import_system_collations") == true)
        try await expectNothing(on: connection)
        try await connection.query("SELECT pg_import_system_collations('pg_catalog')")
        #expect(try await Migrator().migrate(connection).version == SchemaVersion.carried)
    }

    @Test("in another encoding than UTF-8 is refused, and nothing is written")
    func otherEncoding() async throws {
        let server = try await SharedCluster.connect()
        try await server.query("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        let connection = try await SharedCluster.connect(database: "latin")
        let error = await #expect(throws: PostgresError.self) { try await Migrator().migrate(connection) }
        #expect(error?.sqlState == .featureNotSupported)
        #expect(error?.message == "the encoding of the database \"latin\" is LATIN1, and UTF8 is needed")
        try await expectNothing(on: connection)
    }

    private func expectNothing(on connection: PostgresConnection) async throws {
        let found = try await connection.query(
            """
            SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'reimbursement') AS schemas,
                (SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist') AS extensions
            """
        )
        #expect(found[0].texts == ["0", "0"])
    }
}
