import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("The step to credits that wait and vendors that follow", .timeLimit(.minutes(5)))
struct CreditStepTests {
    @Test("forth keeps what people had changed of one-time vendors, as far as it was written down")
    func edits() async throws {
        let connection = try await TestDatabase.migrated().connect()
        try await takeBack(to: 27, on: connection)
        try await connection.query(
            """
            INSERT INTO reimbursement.legal_entities (legal_entity_id, name, accounting_currency)
            VALUES ('USMF', 'Contoso', 'USD');
            INSERT INTO reimbursement.vendors (legal_entity_id, vendor_account, name, country, is_one_time, run_id)
            VALUES ('USMF', 'OTV-1', 'Ann', 'US', true, 1), ('USMF', 'OTV-2', 'Bob', 'US', true, 1),
                ('USMF', 'OTV-LOADED', 'Cat', 'US', true, NULL), ('USMF', 'V-1', 'Dan', 'US', false, NULL);
            UPDATE reimbursement.vendors SET country = 'CA' WHERE vendor_account <> 'OTV-2';
            UPDATE reimbursement.vendors SET iban = 'DE89370400440532013000', hold = 'all' WHERE vendor_account = 'OTV-1';
            UPDATE reimbursement.vendors SET payment_terms_days = 7 WHERE vendor_account = 'OTV-2';
            """
        )
        let changes: SQL = "SELECT count(*) AS rows FROM reimbursement.change_log WHERE table_name = 'vendors'"
        let written = try await connection.query(changes)[0].texts
        _ = try await Migrator().migrate(connection)
        let edited = try await connection.query(
            "SELECT vendor_account, edited_by_hand FROM reimbursement.vendors ORDER BY vendor_account"
        )
        #expect(
            edited.map(\.texts) == [
                ["OTV-1", "{address,bank_details}"], ["OTV-2", "{}"], ["OTV-LOADED", "{}"], ["V-1", "{}"],
            ]
        )
        #expect(try await connection.query(changes)[0].texts == written)
    }

    @Test(
        "back says what would be lost",
        arguments: [
            ("UPDATE reimbursement.legal_entities SET max_days_ahead = 5", "the max_days_ahead of 1 legal entities"),
            ("INSERT INTO reimbursement.credit_rules VALUES ('USMF', 'payment')", "1 rows of credit_rules"),
            (
                "UPDATE reimbursement.customer_transactions SET held_until = 'infinity' WHERE customer_account = 'C1'",
                "the holds of 1 customer transactions"
            ),
            (
                "UPDATE reimbursement.vendors SET edited_by_hand = '{name}'",
                "what people have changed by hand of 1 one-time vendors"
            ),
            (
                "SELECT reimbursement.enqueue_reimbursement('USMF', due_in_days => 7)",
                "the due_in_days of 1 runs that have not ended"
            ),
            (
                "INSERT INTO reimbursement.customer_skips VALUES ('USMF', 1, 'C1', 1, 'credits_held', 0, 0)",
                "1 skips of customers whose credits were held"
            ),
        ]
    )
    func loss(change: String, loss: String) async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let connection = books.connection
        try await takeBack(to: 28, on: connection)
        try await connection.query(
            """
            INSERT INTO reimbursement.vendors (legal_entity_id, vendor_account, name, is_one_time, run_id)
            VALUES ('USMF', 'OTV-1', 'Ann', true, 1)
            """
        )
        try await connection.query(SQL(script: change))
        let error = await #expect(throws: MigrationError.self) { try await Migrator().takeBack(connection) }
        #expect(error?.underlying.message == "taking this migration back would lose \(loss)")
        #expect(try await SchemaVersion.installed(on: connection) == 28)
    }

    private func takeBack(to version: Int, on connection: PostgresConnection) async throws {
        for _ in Migration.all where try await SchemaVersion.installed(on: connection) ?? 0 > version {
            _ = try await Migrator().takeBack(connection)
        }
    }
}
