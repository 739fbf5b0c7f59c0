import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("A migration to another version")
struct ReplacedObjectTests {
    private static let twice =
        "create or replace function reimbursement.twice(a int) returns int "
        + "language sql as 'select 2 * a';"

    /// Of a row of pg_proc.
    private static let isOfNoExtension: SQL = """
        NOT EXISTS (
            SELECT FROM pg_depend AS d
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = pg_proc.oid AND d.deptype = 'e'
        )
        """

    @Test("drops the former signature of a function, so that no call is ambiguous")
    func supersededSignature() async throws {
        let connection = try await TestDatabase.empty().connect()
        _ = try await Migrator.sample(functions: ["twice": Self.twice]).migrate(connection)
        try await connection.query(
            "CREATE ROLE superseded_clerk; GRANT USAGE ON SCHEMA reimbursement TO superseded_clerk"
        )
        try await connection.query(
            """
            REVOKE EXECUTE ON FUNCTION reimbursement.twice(int) FROM public;
            GRANT EXECUTE ON FUNCTION reimbursement.twice(int) TO superseded_clerk WITH GRANT OPTION
            """
        )
        let added = """
            create or replace function reimbursement.twice(a int, b int default 0) returns int
            language sql as 'select 2 * a + b';
            comment on function reimbursement.twice is 'Without its arguments, which is ambiguous beside another.';
            """
        _ = try await Migrator.sample(functions: ["twice": added]).migrate(connection)
        let functions = try await connection.query(
            """
            SELECT oid::regprocedure, proacl FROM pg_proc
            WHERE pronamespace = 'reimbursement'::regnamespace AND \(Self.isOfNoExtension)
            """
        )
        #expect(
            functions.map(\.texts) == [
                ["reimbursement.twice(integer,integer)", "{postgres=X/postgres,superseded_clerk=X*/postgres}"]
            ]
        )
        try await connection.query("SET ROLE superseded_clerk")
        #expect(try await connection.query("SELECT reimbursement.twice(4)")[0].texts == ["8"])
    }

    @Test("drops a former signature that a view calls, after the view calls the new one")
    func supersededSignatureInUse() async throws {
        let connection = try await TestDatabase.empty().connect()
        let view = "create or replace view reimbursement.numbers as select reimbursement.twice(1) as two;"
        _ = try await Migrator.sample(functions: ["twice": Self.twice], views: ["numbers": view]).migrate(connection)
        let added =
            "create or replace function reimbursement.twice(a int, b int default 0) returns int "
            + "language sql as 'select 2 * a + b';"
        _ = try await Migrator.sample(functions: ["twice": added], views: ["numbers": view]).migrate(connection)
        #expect(try await connection.query("SELECT two FROM reimbursement.numbers")[0].texts == ["2"])
        let count = try await connection.query("SELECT FROM pg_proc WHERE proname = 'twice'").count
        #expect(count == 1)
    }

    @Test("names the user's view that stands in the way, and changes nothing")
    func userViewInTheWay() async throws {
        let connection = try await TestDatabase.empty().connect()
        let before = "create or replace view reimbursement.numbers as select 1 as one, 2 as two;"
        let after = "create or replace view reimbursement.numbers as select 2 as two;"
        _ = try await Migrator.sample(views: ["numbers": before]).migrate(connection)
        try await connection.query("CREATE VIEW public.monthly_close AS SELECT one FROM reimbursement.numbers")
        let error = try #require(
            await #expect(throws: MigrationError.self) {
                try await Migrator.sample(
                    functions: ["twice": Self.twice],
                    views: ["numbers": after]
                ).migrate(connection)
            }
        )
        #expect(error.underlying.sqlState == .dependentObjectsStillExist)
        #expect(error.underlying.detail?.contains("public.monthly_close") == true)
        #expect(error.underlying.hint?.contains("CASCADE") == false)
        #expect(try await connection.query("SELECT one FROM public.monthly_close")[0].texts == ["1"])
        #expect(try await connection.query("SELECT FROM pg_proc WHERE proname = 'twice'").isEmpty)
    }

    @Test("leaves a user's view alone when a view of ours only gets a column more")
    func userViewNotInTheWay() async throws {
        let connection = try await TestDatabase.empty().connect()
        let before = "create or replace view reimbursement.numbers as select 1 as one;"
        let after = "create or replace view reimbursement.numbers as select 1 as one, 2 as two;"
        _ = try await Migrator.sample(views: ["numbers": before]).migrate(connection)
        try await connection.query("CREATE VIEW public.mine AS SELECT one FROM reimbursement.numbers")
        _ = try await Migrator.sample(views: ["numbers": after]).migrate(connection)
        #expect(try await connection.query("SELECT * FROM public.mine")[0].texts == ["1"])
    }

    @Test("creates anew what depends on a view of ours, with owners and privileges as they were")
    func ownDependents() async throws {
        let connection = try await TestDatabase.empty().connect()
        try await connection.query("CREATE ROLE dependent_clerk; CREATE ROLE dependent_owner")
        let sum = "create or replace view reimbursement.sums as select sum(one) as sum from reimbursement.numbers;"
        func migrator(_ numbers: String) -> Migrator {
            Migrator.sample(views: ["numbers": numbers, "sums": sum])
        }
        _ = try await migrator("create or replace view reimbursement.numbers as select 1 as one, 0 as nil;")
            .migrate(connection)
        try await connection.query(
            """
            GRANT SELECT ON reimbursement.numbers TO dependent_clerk, dependent_owner;
            GRANT USAGE ON SCHEMA reimbursement TO dependent_owner;
            GRANT SELECT (sum) ON reimbursement.sums TO dependent_clerk;
            ALTER VIEW reimbursement.sums OWNER TO dependent_owner
            """
        )
        let privileges: SQL = """
            SELECT (
                    SELECT array_agg(a::text ORDER BY a::text) FROM pg_class, unnest(relacl) AS a
                    WHERE pg_class.oid = 'reimbursement.numbers'::regclass
                ),
                (SELECT attacl FROM pg_attribute WHERE attrelid = 'reimbursement.sums'::regclass AND attname = 'sum'),
                (SELECT relowner::regrole FROM pg_class WHERE oid = 'reimbursement.sums'::regclass)
            """
        let before = try await connection.query(privileges)[0].texts
        #expect(before[0]?.contains("dependent_clerk=r/") == true)
        #expect(before[2] == "dependent_owner")
        _ = try await migrator("create or replace view reimbursement.numbers as select 1 as one;").migrate(connection)
        #expect(try await connection.query(privileges)[0].texts == before)
        #expect(try await connection.query("SELECT sum FROM reimbursement.sums")[0].texts == ["1"])
    }

    @Test("creates a function anew whose result has changed, and grants again")
    func changedResult() async throws {
        let connection = try await TestDatabase.empty().connect()
        _ = try await Migrator.sample(functions: ["twice": Self.twice]).migrate(connection)
        try await connection.query("CREATE ROLE result_clerk")
        try await connection.query(
            "GRANT EXECUTE ON FUNCTION reimbursement.twice TO result_clerk"
        )
        let changed =
            "create or replace function reimbursement.twice(a int) returns bigint "
            + "language sql as 'select 2::bigint * a';"
        _ = try await Migrator.sample(functions: ["twice": changed]).migrate(connection)
        let row = try await connection.query(
            """
            SELECT pg_typeof(reimbursement.twice(1)),
                has_function_privilege('result_clerk', 'reimbursement.twice(int)', 'execute'),
                (SELECT proacl::text LIKE '%result_clerk=X%' FROM pg_proc WHERE proname = 'twice')
            """
        )[0]
        #expect(row.texts == ["bigint", "t", "t"])
    }

    @Test("drops what it has no file for any more, and leaves a user's own function alone")
    func removedFile() async throws {
        let connection = try await TestDatabase.empty().connect()
        let view = "create or replace view reimbursement.numbers as select reimbursement.twice(1) as two;"
        _ = try await Migrator.sample(functions: ["twice": Self.twice], views: ["numbers": view]).migrate(connection)
        try await connection.query(
            "CREATE FUNCTION reimbursement.mine() RETURNS int LANGUAGE sql AS 'select 1'"
        )
        _ = try await Migrator.sample().migrate(connection)
        let names = try await connection.query(
            """
            SELECT proname FROM pg_proc
            WHERE pronamespace = 'reimbursement'::regnamespace AND \(Self.isOfNoExtension)
            """
        ).map(\.texts)
        #expect(names == [["mine"]])
        let views = try await connection.query("SELECT FROM pg_views WHERE schemaname = 'reimbursement'")
        #expect(views.isEmpty)
    }
}
