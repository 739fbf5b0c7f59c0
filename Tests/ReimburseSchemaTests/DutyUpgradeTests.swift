import PostgresClient
import Synchronization
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("An upgrade from version 18, where tables and functions were granted, to duties")
struct DutyUpgradeTests {
    /// A database as version 18 left it to its administrator, and what the migration tells him.
    private struct Books {
        let connection: PostgresConnection
        let warnings = Warnings()

        init() async throws {
            let warnings = warnings
            let database = try await TestDatabase.empty()
            connection = try await PostgresConnection.connect(
                PostgresConfiguration(
                    database: database.connectionString,
                    noticeHandler: { warnings.add([$0.message, $0.detail].compactMap(\.self).joined(separator: "\n")) }
                )
            )
            let rate = try #require(SQLFile.files(in: "functions/money").first { $0.name == "exchange_rate" })
            let views = [
                "skipped_customers": """
                create or replace view reimbursement.skipped_customers as
                select s.run_id, s.legal_entity_id, s.customer_account, s.skip_reason, s.credit_amount, s.debit_amount
                from reimbursement.customer_skips as s;
                """
            ]
            let drained = """
                create or replace function reimbursement.queue_drained(p_queue text default 'default') returns boolean
                language sql stable as $$ select true $$;
                """
            let migrator = Migrator(
                migrations: Migration.all.filter { $0.version <= 18 },
                rules: SQLFile.files(in: "rules"),
                objects: [rate, SQLFile(path: "functions/queue/queue_drained.sql", text: drained)]
                    + views.map { SQLFile(path: "views/\($0.key).sql", text: $0.value) }
            )
            _ = try await migrator.migrate(connection)
            // What this version writes down of what it installed, that one did not.
            try await connection.query("ALTER TABLE reimbursement.installed_objects DROP settings, DROP is_public")
        }

        func upgrade() async throws {
            _ = try await Migrator().migrate(connection)
        }

        func texts(_ query: SQL) async throws -> [[String?]] {
            try await connection.query(query).map(\.texts)
        }
    }

    /// What the server has said.
    private final class Warnings: Sendable {
        private let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock { $0 } }
        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }

    @Test("takes away what lets others write past the functions, says so once, and leaves them what they may read")
    func privileges() async throws {
        let books = try await Books()
        try await books.connection.query(
            """
            CREATE ROLE upgraded_clerk LOGIN; CREATE ROLE upgraded_loader LOGIN;
            GRANT USAGE, CREATE ON SCHEMA reimbursement TO upgraded_clerk;
            GRANT ALL ON reimbursement.jobs TO upgraded_clerk WITH GRANT OPTION;
            GRANT SELECT ON reimbursement.settlements TO upgraded_clerk;
            GRANT ALL ON SEQUENCE reimbursement.settlements_settlement_id_seq TO upgraded_clerk;
            GRANT UPDATE (iban) ON reimbursement.customers TO upgraded_loader;
            GRANT INSERT ON reimbursement.skipped_customers TO upgraded_loader
            """
        )
        try await books.upgrade()
        #expect(books.warnings.all.count == 1)
        let lines = Set(books.warnings.all.first?.split(separator: "\n").dropFirst().map(String.init) ?? [])
        let maintain = try await SharedCluster.version >= 17 ? ["MAINTAIN"] : []
        let onJobs = (["INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"] + maintain).map {
            "\($0) on reimbursement.jobs from upgraded_clerk"
        }
        #expect(
            lines
                == Set(
                    onJobs + [
                        "UPDATE on reimbursement.settlements_settlement_id_seq from upgraded_clerk",
                        "USAGE on reimbursement.settlements_settlement_id_seq from upgraded_clerk",
                        "CREATE on schema reimbursement from upgraded_clerk",
                        "UPDATE (iban) on reimbursement.customers from upgraded_loader",
                        "INSERT on reimbursement.skipped_customers from upgraded_loader",
                    ]
                )
        )
        let left = try await books.texts(
            """
            SELECT has_table_privilege('upgraded_clerk', 'reimbursement.settlements', 'select'),
                has_table_privilege('upgraded_clerk', 'reimbursement.jobs', 'trigger'),
                has_schema_privilege('upgraded_clerk', 'reimbursement', 'create'),
                has_column_privilege('upgraded_loader', 'reimbursement.jobs', 'state', 'update')
            """
        )
        #expect(left == [["t", "f", "f", "f"]])
        try await books.upgrade()
        #expect(books.warnings.all.count == 1)
    }

    @Test("leaves the books as they are, and to see them needs a duty")
    func reading() async throws {
        let books = try await Books()
        try await books.connection.query(
            """
            CREATE ROLE upgraded_reader LOGIN;
            GRANT USAGE ON SCHEMA reimbursement TO upgraded_reader;
            GRANT SELECT ON ALL TABLES IN SCHEMA reimbursement TO upgraded_reader;
            INSERT INTO reimbursement.legal_entities (legal_entity_id, name, accounting_currency)
            VALUES ('USMF', 'Contoso', 'USD');
            INSERT INTO reimbursement.customers (legal_entity_id, customer_account, name) VALUES ('USMF', 'ANN', 'Ann');
            INSERT INTO reimbursement.run_requests (legal_entity_id, kind, posting_date, choices)
            VALUES ('USMF', 'reimbursement', '2025-01-31', '{}');
            INSERT INTO reimbursement.jobs (legal_entity_id, run_id, kind, state, batch, lost_attempts, claimed_at)
            VALUES ('USMF', 1, 'reimbursement', 'running', 1, 1, 'infinity')
            """
        )
        try await books.upgrade()
        try await books.connection.query("SET SESSION AUTHORIZATION upgraded_reader")
        let query: SQL = """
            SELECT (SELECT count(*) FROM reimbursement.customers), (SELECT count(*) FROM reimbursement.runs)
            """
        #expect(try await books.texts(query) == [["0", "0"]])
        try await books.connection.query("RESET SESSION AUTHORIZATION")
        try await books.connection.query("SELECT reimbursement.grant_duty('upgraded_reader', 'auditor', 'USMF')")
        try await books.connection.query("SET SESSION AUTHORIZATION upgraded_reader")
        #expect(try await books.texts(query) == [["1", "1"]])
        try await books.connection.query("RESET SESSION AUTHORIZATION")
        // The job that kept the claims waiting for ever.
        #expect(try await books.texts("SELECT isfinite(claimed_at) FROM reimbursement.jobs") == [["t"]])
    }

    @Test("keeps the settings, the options and the privileges that an administrator gave to functions and views")
    func settings() async throws {
        let books = try await Books()
        try await books.connection.query(
            """
            ALTER FUNCTION reimbursement.queue_drained SET work_mem = '77MB';
            REVOKE EXECUTE ON FUNCTION reimbursement.queue_drained FROM public;
            ALTER VIEW reimbursement.skipped_customers SET (security_barrier = true)
            """
        )
        let state: SQL = """
            SELECT
                (SELECT array_to_string(proconfig, ' ') FROM pg_proc WHERE proname = 'queue_drained'),
                (SELECT array_to_string(reloptions, ' ') FROM pg_class WHERE relname = 'skipped_customers'),
                has_function_privilege('public', 'reimbursement.queue_drained(text)', 'execute'),
                has_function_privilege('public', 'reimbursement.retry_run(bigint)', 'execute')
            """
        let expected = [
            [
                "search_path=reimbursement, pg_temp standard_conforming_strings=on work_mem=77MB",
                "security_invoker=true security_barrier=true", "f", "t",
            ]
        ]
        for _ in 1...3 {
            try await books.upgrade()
            #expect(try await books.texts(state) == expected)
        }
    }

    @Test("lets users call the functions also where the owner's default privileges give nothing to everybody")
    func defaultPrivileges() async throws {
        let connection = try await TestDatabase.empty().connect()
        try await connection.query(
            """
            ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM public;
            ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO public
            """
        )
        _ = try await Migrator().migrate(connection)
        let row = try await connection.query(
            """
            SELECT has_function_privilege('public', 'reimbursement.retry_run(bigint)', 'execute'),
                has_function_privilege('public', 'reimbursement.take_numbers(text, jsonb)', 'execute'),
                has_table_privilege('public', 'reimbursement.jobs', 'select'),
                has_table_privilege('public', 'reimbursement.jobs', 'trigger')
            """
        )[0]
        #expect(row.texts == ["t", "f", "t", "f"])
    }
}
