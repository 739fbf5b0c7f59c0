import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("An upgrade from version 14")
struct UpgradeTests {
    @Test("leaves the books right, and a second one does nothing")
    func booksStayRight() async throws {
        let books = try await VersionFourteenBooks()
        #expect(try await SchemaVersion.installed(on: books.connection) == 14)
        let outcome = try await books.upgrade()
        #expect(outcome.applied == Migration.all.filter { $0.version > 14 })
        #expect(outcome.version == SchemaVersion.carried)
        #expect(try await books.violations() == [])
        #expect(try await books.upgrade().applied == [])
        #expect(try await books.violations() == [])
    }

    @Test("tells the settlements of debits that were there before from those of reimbursements")
    func nettings() async throws {
        let books = try await VersionFourteenBooks()
        try await books.upgrade()
        let settlements = try await books.rows(
            "SELECT settlement_id, is_netting FROM reimbursement.settlements ORDER BY settlement_id"
        )
        #expect(
            settlements == [["1", "t"], ["2", "t"], ["3", "f"], ["4", "f"], ["5", "f"], ["6", "f"]]
        )
    }

    @Test("leaves the jobs that wait to be carried out, each for the customers of its batch")
    func waitingJobs() async throws {
        let books = try await VersionFourteenBooks()
        try await books.upgrade()
        #expect(try await books.carryOut() == 2)
        let reimbursements = try await books.rows(
            """
            SELECT r.job_id, r.customer_account, r.reimbursement_number, r.vendor_account, r.posting_date, r.amount
            FROM reimbursement.reimbursements AS r WHERE r.run_id = 3 ORDER BY r.job_id
            """
        )
        #expect(
            reimbursements == [
                ["3", "EAGLE", "RMB-00000003", "OTV-00000002", "2024-04-30", "40.00"],
                ["4", "FOREST", "RMB-00000004", "OTV-00000003", "2024-04-30", "45.00"],
            ]
        )
        #expect(try await books.rows("SELECT state FROM reimbursement.runs WHERE run_id = 3") == [["completed"]])
        #expect(try await books.violations() == [])
    }

    @Test("lets another run reimburse what is open, the reopened credit and the rest of a settled one too")
    func anotherRun() async throws {
        let books = try await VersionFourteenBooks()
        try await books.upgrade()
        try await books.carryOut()
        try await books.connection.query("SELECT reimbursement.enqueue_reimbursement('USMF', '2024-08-31')")
        #expect(try await books.carryOut() == 1)
        let reimbursements = try await books.rows(
            """
            SELECT r.customer_account, r.vendor_account, r.currency, r.amount, r.accounting_amount
            FROM reimbursement.reimbursements AS r WHERE r.run_id = 4 ORDER BY r.customer_account
            """
        )
        #expect(
            reimbursements == [
                ["ALPINE", "OTV-00000001", "EUR", "100.00", "120.00"],
                ["DESERT", "OTV-DESERT", "USD", "25.00", "25.00"],
            ]
        )
        let skipped = try await books.rows("SELECT customer_account FROM reimbursement.customer_skips WHERE run_id = 4")
        #expect(skipped == [["CAVE"]])
        #expect(try await books.violations() == [])
    }

    @Test("lets a run from before be reversed, with its netting and without what was reversed already")
    func reversalOfAnEarlierRun() async throws {
        let books = try await VersionFourteenBooks()
        try await books.upgrade()
        try await books.carryOut()
        try await books.connection.query(
            "SELECT reimbursement.enqueue_reversal('USMF', 'all of it', run_id => 1, posting_date => '2024-08-31')"
        )
        #expect(try await books.carryOut() == 1)
        let reversals = try await books.rows(
            """
            SELECT v.reversed_type, v.reversed_voucher FROM reimbursement.reversals AS v
            WHERE v.run_id = 4 ORDER BY v.reversed_voucher
            """
        )
        #expect(reversals == [["reimbursement", "RMB-00000002"], ["netting", "STL-00000001"]])
        let skipped = try await books.rows(
            "SELECT reimbursement_number, skip_reason FROM reimbursement.reimbursement_skips WHERE run_id = 4"
        )
        #expect(skipped == [["RMB-00000001", "already_reversed"]])
        let open = try await books.rows(
            """
            SELECT t.voucher, t.open_amount FROM reimbursement.customer_transactions AS t
            WHERE t.customer_account = 'BIRCH' AND t.open_amount <> 0 ORDER BY t.voucher
            """
        )
        #expect(open == [["CN-2", "-80.00"], ["INV-3", "30.00"]])
        #expect(try await books.violations() == [])
    }

    @Test("keeps what was settled before from being deleted or changed")
    func settledTransactions() async throws {
        let books = try await VersionFourteenBooks()
        try await books.upgrade()
        let refusals: [(change: SQL, sqlState: String)] = [
            ("DELETE FROM reimbursement.customer_transactions WHERE customer_transaction_id = 2", "23503"),
            ("DELETE FROM reimbursement.customer_transactions WHERE customer_transaction_id = 3", "23503"),
            ("DELETE FROM reimbursement.customer_transactions WHERE customer_transaction_id = 6", "23503"),
            ("DELETE FROM reimbursement.customer_transactions WHERE customer_transaction_id = 9", "23503"),
            ("UPDATE reimbursement.customer_transactions SET amount = 90 WHERE customer_transaction_id = 3", "RB015"),
            ("TRUNCATE reimbursement.customer_transactions", "RB015"),
            ("UPDATE reimbursement.settlements SET is_netting = false", "RB015"),
            ("DELETE FROM reimbursement.settlements", "RB015"),
        ]
        for (change, sqlState) in refusals {
            let error = await #expect(throws: PostgresError.self) { try await books.connection.query(change) }
            #expect(error?.sqlState.rawValue == sqlState)
        }
        try await books.connection.query(
            "DELETE FROM reimbursement.customer_transactions WHERE customer_transaction_id = 4"
        )
    }

    @Test("leaves a user's view on a table, and what was granted on one")
    func usersObjects() async throws {
        let books = try await VersionFourteenBooks()
        try await books.connection.query(
            """
            CREATE VIEW public.open_credits AS
            SELECT sum(t.open_amount) AS open FROM reimbursement.customer_transactions AS t WHERE t.amount < 0;
            CREATE ROLE upgrade_clerk;
            GRANT USAGE ON SCHEMA reimbursement TO upgrade_clerk;
            GRANT SELECT ON public.open_credits, reimbursement.settlements TO upgrade_clerk;
            """
        )
        let query: SQL = "SELECT open, (SELECT count(*) FROM reimbursement.settlements) FROM public.open_credits"
        let before = try await books.rows(query)
        #expect(before == [["-280.00", "6"]])
        try await books.upgrade()
        try await books.connection.query("SET ROLE upgrade_clerk")
        #expect(try await books.rows(query) == before)
    }
}
