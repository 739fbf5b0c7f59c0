import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("Books of an earlier version", .serialized)
struct EarlierVersionTests {
    /// What is loaded, and from which version on there is a table for it.
    private static let loaded: [(since: Int, statement: SQL)] = [
        (
            2,
            """
            INSERT INTO reimbursement.legal_entities (legal_entity_id, name, accounting_currency)
            VALUES ('USMF', 'Contoso', 'USD');
            INSERT INTO reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
            VALUES ('USMF', '2024-01-01', '2024-12-31');
            INSERT INTO reimbursement.number_sequences (legal_entity_id, sequence, format)
            VALUES
                ('USMF', 'reimbursement', 'RMB-########'), ('USMF', 'vendor_invoice', 'RINV-########'),
                ('USMF', 'one_time_vendor', 'OTV-########'), ('USMF', 'settlement', 'STL-########');
            INSERT INTO reimbursement.methods_of_payment VALUES ('USMF', 'SEPA', true);
            INSERT INTO reimbursement.dimension_sets VALUES ('USMF', 0, '{}') ON CONFLICT DO NOTHING
            """
        ),
        (
            3,
            """
            INSERT INTO reimbursement.customers (legal_entity_id, customer_account, name, vendor_account)
            VALUES ('USMF', 'ALPINE', 'Alpine Ski House', NULL), ('USMF', 'BIRCH', 'Birch Company', 'V-BIRCH');
            INSERT INTO reimbursement.vendors
                (legal_entity_id, vendor_account, name, is_one_time, payment_terms_days)
            VALUES ('USMF', 'V-BIRCH', 'Birch Company', false, 30)
            """
        ),
        (
            4,
            """
            INSERT INTO reimbursement.customer_transactions
                (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency,
                amount, accounting_amount, settled_accounting_amount, receivable_account, dimension_set_id)
            VALUES
                ('USMF', 'ALPINE', 'credit_note', 'CN-1', '2024-02-01', '2024-02-01', 'USD', -100, -100, 0, '130100', 0),
                ('USMF', 'BIRCH', 'credit_note', 'CN-2', '2024-02-01', '2024-02-01', 'USD', -80, -80, 0, '130100', 0)
            """
        ),
    ]

    @Test("that is loaded only is reimbursed after the upgrade", arguments: 1...13)
    func loadedBooks(version: Int) async throws {
        let connection = try await TestDatabase.empty().connect()
        _ = try await Migrator().migrate(connection, to: version)
        // The triggers are those of the newest version, which the tables do not fit yet.
        try await connection.query("SET session_replication_role = replica")
        for (since, statement) in Self.loaded where since <= version { try await connection.query(statement) }
        try await connection.query("RESET session_replication_role")
        let outcome = try await Migrator().migrate(connection)
        #expect(outcome.applied.first?.version == version + 1)
        for (since, statement) in Self.loaded where since > version { try await connection.query(statement) }
        try await connection.query("SELECT reimbursement.enqueue_reimbursement('USMF', '2024-06-30')")
        let jobs = try await connection.query("SELECT job_id, attempt FROM reimbursement.claim_jobs('test', 10)")
        for job in jobs {
            let id: Int64 = try job.value("job_id")
            try await connection.query("SELECT reimbursement.execute_job('USMF', \(id), 1)")
        }
        let reimbursed = try await connection.query(
            """
            SELECT customer_account, vendor_account, trim_scale(amount)
            FROM reimbursement.reimbursements ORDER BY customer_account
            """
        )
        #expect(reimbursed.map(\.texts) == [["ALPINE", "OTV-00000001", "100"], ["BIRCH", "V-BIRCH", "80"]])
        #expect(try await connection.query("SELECT * FROM reimbursement.check_books()").map(\.texts) == [])
    }

    @Test("with runs, payables and reversals go on after the upgrade", arguments: 14..<SchemaVersion.carried)
    func booksWithRuns(version: Int) async throws {
        let books = try await VersionFourteenBooks()
        _ = try await Migrator().migrate(books.connection, to: version)
        #expect(try await SchemaVersion.installed(on: books.connection) == version)
        #expect(try await books.upgrade().applied.first?.version == version + 1)
        #expect(try await books.violations() == [])
        #expect(try await books.carryOut() == 2)
        #expect(try await books.rows("SELECT state FROM reimbursement.runs WHERE run_id = 3") == [["completed"]])
        #expect(try await books.violations() == [])
    }

    @Test("keep every row at every step")
    func stepByStep() async throws {
        let books = try await VersionFourteenBooks()
        var before = try await counts(books)
        #expect(before["customer_transactions"] == 11)
        for migration in Migration.all where migration.version > 14 {
            _ = try await Migrator().migrate(books.connection, to: migration.version)
            let after = try await counts(books)
            for (table, rows) in before where table != "migrations" && table != "installed_objects" {
                #expect(after[table] == rows || Self.mayGrow.contains(table), "\(table) after \(migration.file.name)")
                #expect(after[table] ?? 0 >= rows, "\(table) after \(migration.file.name)")
            }
            before = after
        }
        #expect(try await books.violations() == [])
    }

    /// Tables to which a migration adds rows of its own, such as the empty set of dimensions, or what is written down of
    /// these.
    private static let mayGrow: Set = [
        "dimension_sets", "run_kinds", "number_sequences", "job_partitions", "change_log",
    ]

    private func counts(_ books: VersionFourteenBooks) async throws -> [String: Int] {
        let rows = try await books.connection.query(
            """
            SELECT c.relname::text AS name, (xpath('/row/n/text()', query_to_xml(
                format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1]::text::int AS rows
            FROM pg_class AS c
            WHERE c.relnamespace = 'reimbursement'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            """
        )
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.value("name"), try $0.value("rows")) })
    }
}
