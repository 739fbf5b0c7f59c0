import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("The step to payees", .timeLimit(.minutes(5)))
struct PayeeStepTests {
    @Test(
        "back says what would be lost",
        arguments: [
            (
                "UPDATE reimbursement.legal_entities SET shared_iban_maximum = 5",
                "the settings of 1 legal entities: recheck_open_debits, shared_iban_maximum, maximum_payment, country or address"
            ),
            (
                "UPDATE reimbursement.legal_entities SET recheck_open_debits = true",
                "the settings of 1 legal entities: recheck_open_debits, shared_iban_maximum, maximum_payment, country or address"
            ),
            (
                """
                INSERT INTO reimbursement.invoice_releases
                    (legal_entity_id, invoice_number, release, payments, reason, released_by)
                VALUES ('USMF', 'RINV-1', 1, 0, 'why', 'somebody')
                """,
                "1 rows of invoice_releases"
            ),
            ("UPDATE reimbursement.vendor_invoices SET hold_reason = 'why'", "why 2 invoices are held"),
            (
                """
                INSERT INTO reimbursement.reversals (legal_entity_id, voucher, run_id, job_id, reversed_type,
                    reversed_voucher, posting_date, reason, not_sent)
                VALUES ('USMF', 'REV-1', 1, 1, 'payment', 'PAY-1', '2026-01-01', 'why', true)
                """,
                "how 1 payments came back or were not sent"
            ),
            (
                """
                SELECT reimbursement.enqueue_run('USMF', 'payment_reversal', current_date,
                    '{"return_code": "AC04"}', '{}', NULL, now(), 0, 5, 'default', NULL)
                """,
                "the return code of 1 runs that have not ended"
            ),
            (
                "INSERT INTO reimbursement.invoice_skips VALUES ('USMF', 1, 'RINV-1', 1, 'V', 'own_account')",
                "1 skips of invoices for reasons that the version before does not know"
            ),
        ]
    )
    func loss(change: String, loss: String) async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        let connection = books.connection
        for _ in Migration.all where try await SchemaVersion.installed(on: connection) ?? 0 > 29 {
            _ = try await Migrator().takeBack(connection)
        }
        try await connection.query(SQL(script: change))
        let error = await #expect(throws: MigrationError.self) { try await Migrator().takeBack(connection) }
        #expect(error?.underlying.message == "taking this migration back would lose \(loss)")
        #expect(try await SchemaVersion.installed(on: connection) == 29)
    }

    @Test("forth, a reimbursement from before does not say what its customer owed")
    func openDebits() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        let kept: SQL = "SELECT count(open_debits) AS kept FROM reimbursement.reimbursements"
        #expect(try await books.connection.query(kept)[0].texts == ["2"])
        for _ in Migration.all where try await SchemaVersion.installed(on: books.connection) ?? 0 > 28 {
            _ = try await Migrator().takeBack(books.connection)
        }
        _ = try await Migrator().migrate(books.connection)
        #expect(try await books.connection.query(kept)[0].texts == ["0"])
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }
}
