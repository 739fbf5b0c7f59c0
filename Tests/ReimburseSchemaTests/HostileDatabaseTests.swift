import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("A migration of a database in which somebody lies in wait")
struct HostileDatabaseTests {
    @Test("calls none of the functions that stand in a schema which others can write to", arguments: [false, true])
    func functionsInPublic(printed: Bool) async throws {
        let database = try await TestDatabase.empty()
        let connection = try await database.connect()
        try await connection.query(
            """
            CREATE TABLE public.caught (what text);
            CREATE FUNCTION public.catch(what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS
                $$ BEGIN INSERT INTO public.caught VALUES (what); END $$;
            CREATE FUNCTION public.hashtextextended(text, int) RETURNS bigint LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('hashtextextended'); RETURN 1; END $$;
            CREATE FUNCTION public.max(int) RETURNS int LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('max'); RETURN 1; END $$;
            CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('to_regclass'); RETURN NULL; END $$;
            CREATE FUNCTION public.to_regnamespace(text) RETURNS regnamespace LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('to_regnamespace'); RETURN NULL; END $$;
            CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('current_setting'); RETURN '150000'; END $$;
            CREATE FUNCTION public.same(text, text) RETURNS boolean LANGUAGE plpgsql AS
                $$ BEGIN PERFORM public.catch('='); RETURN true; END $$;
            CREATE OPERATOR public.= (leftarg = text, rightarg = text, function = public.same)
            """
        )
        // The worst that a role or a database may have been told.
        try await connection.query("SET search_path = public, pg_catalog; SET standard_conforming_strings = off")
        if printed {
            let script = "set search_path = public, pg_catalog;\n" + (try await Migrator().script(for: connection))
            #expect(try await Psql.run(script, on: database) == .exited(0))
        } else {
            _ = try await Migrator().migrate(connection)
        }
        #expect(try await connection.query("SELECT what FROM public.caught").map(\.texts) == [])
        let schema = try await connection.query(
            """
            SELECT e.extnamespace OPERATOR(pg_catalog.=) 'reimbursement'::pg_catalog.regnamespace
            FROM pg_catalog.pg_extension AS e
            WHERE e.extname OPERATOR(pg_catalog.=) 'btree_gist'::pg_catalog.name
            """
        )
        #expect(schema.map(\.texts) == [["t"]])
    }

    @Test("waits for no lock that everybody can take, and neither does a claim")
    func advisoryLocks() async throws {
        let database = try await TestDatabase.migrated()
        let connection = try await database.connect()
        let holder = try await database.connect()
        // Those that claims and migrations once took.
        try await holder.query(
            """
            CREATE ROLE lock_holder LOGIN;
            SET SESSION AUTHORIZATION lock_holder;
            SELECT pg_advisory_lock(7236283051), pg_advisory_lock(hashtextextended('reimbursement.migrations', 0))
            """
        )
        try await connection.query("SET statement_timeout = '20s'; SET lock_timeout = '5s'")
        _ = try await Migrator().migrate(connection)
        #expect(try await connection.query("SELECT FROM reimbursement.claim_jobs('test', 1)").isEmpty)
        // What they lock now is out of reach.
        for lock: SQL in [
            "LOCK TABLE reimbursement.queue_gates IN ACCESS SHARE MODE",
            "LOCK TABLE reimbursement.migrations IN ROW SHARE MODE",
        ] {
            let error = await #expect(throws: PostgresError.self) {
                try await holder.query("BEGIN; \(lock); COMMIT")
            }
            #expect(error?.sqlState.rawValue == "42501")
            await holder.rollBack()
        }
    }

    @Test("gives the schema to the role that is to own it, which need not be able to log in")
    func owner() async throws {
        let connection = try await TestDatabase.migrated().connect()
        try await connection.query("CREATE ROLE \"Books owner\" NOLOGIN")
        _ = try await Migrator().migrate(connection, owner: "Books owner")
        let others: SQL = """
            SELECT c.oid::regclass FROM pg_class AS c
            WHERE c.relnamespace = 'reimbursement'::regnamespace AND c.relkind <> 'c' AND c.relowner <> '"Books owner"'::regrole
            UNION ALL
            SELECT p.oid::regprocedure::text::regprocedure::oid::regclass FROM pg_proc AS p
            INNER JOIN reimbursement.installed_objects AS i ON i.name = p.proname AND i.kind = 'function'
            WHERE p.pronamespace = 'reimbursement'::regnamespace AND p.proowner <> '"Books owner"'::regrole
            """
        #expect(try await connection.query(others).map(\.texts) == [])
        _ = try await Migrator().migrate(connection)
        #expect(try await connection.query(others).map(\.texts) == [])
        try await connection.query("CREATE ROLE no_owner LOGIN; SET SESSION AUTHORIZATION no_owner")
        let error = await #expect(throws: PostgresError.self) { try await Migrator().migrate(connection) }
        #expect(error?.sqlState.rawValue == "42501")
        #expect(error?.message.contains("belongs to role \"Books owner\"") == true)
        try await connection.query("RESET SESSION AUTHORIZATION")
        try await connection.query("SELECT reimbursement.set_up_legal_entity('USMF', 'Contoso', 'USD')")
    }
}
