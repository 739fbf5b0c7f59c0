import TestSupport
import Testing

@Suite("The command explain", .timeLimit(.minutes(2)))
struct ExplainCommandTests {
    /// C1 owes, C2's credit is held, and nothing holds C3 up.
    private func books() async throws -> Books {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.connection.query(
            """
            INSERT INTO reimbursement.customer_transactions
                (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
            VALUES ('USMF', 'C1', 'invoice', 'INV-1', current_date - 1, 'USD', 5)
            """
        )
        try await books.connection.query(
            "UPDATE reimbursement.customer_transactions SET held_until = 'infinity' WHERE customer_account = 'C2'"
        )
        return books
    }

    @Test("customer prints a row for each reason, and one for what would be reimbursed")
    func customer() async throws {
        let books = try await books()
        let expected = [
            ("C1", "open_debits\tt\t"), ("C2", "credits_held\tt\t"), ("C3", "\tt\t[{\"amount\": 10.00"),
        ]
        for (account, row) in expected {
            let arguments = ["explain", "customer", "USMF", account]
            let outcome = try await CommandRun(arguments, database: books.database).outcome()
            #expect(outcome.status == .exited(0))
            #expect(outcome.output.first == "reason\tis_first\tfound\tremedy")
            #expect(outcome.output.count == 2)
            #expect(outcome.output.last?.hasPrefix(row) == true, "\(outcome.output)")
        }
    }

    @Test("customer passes on the choices of the run")
    func choices() async throws {
        let books = try await books()
        let arguments = ["explain", "customer", "USMF", "C1", "--include-open-debits", "--due-in-days", "7"]
        let outcome = try await CommandRun(arguments, database: books.database).outcome()
        #expect(outcome.output.last?.hasPrefix("\tt\t") == true)
        let refused = try await CommandRun(
            ["explain", "customer", "USMF", "C1", "--due-in-days=-1"],
            database: books.database
        ).outcome()
        #expect(refused.status == .exited(1))
        let error = "error: due_in_days is -1: give a number of days from 0 to 3650 (SQLSTATE RB008)"
        #expect(refused.errors.first == error)
    }

    @Test("customer says that there is none, and exits with 1")
    func unknown() async throws {
        let books = try await books()
        let outcome = try await CommandRun(["explain", "customer", "USMF", "NOBODY"], database: books.database)
            .outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.first == "error: legal entity \"USMF\" has no customer \"NOBODY\" (SQLSTATE RB061)")
    }

    @Test("enqueue --due-in-days gives the invoices their due date")
    func dueInDays() async throws {
        let books = try await books()
        let arguments = ["enqueue", "-l", "USMF", "--customer-filter", "C3", "--due-in-days", "45"]
        #expect(try await CommandRun(arguments, database: books.database).outcome().status == .exited(0))
        try await books.carryOut()
        #expect(
            try await books.value("SELECT due_date - invoice_date FROM reimbursement.vendor_invoices") == "45"
        )
    }

    @Test("invoice prints a row for each reason, with the run's choices, and what there is not is an error")
    func invoice() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        try await books.enqueuePayment()
        try await books.connection.query("UPDATE reimbursement.vendor_invoices SET held_until = current_date + 3")
        let day = try #require(try await books.value("SELECT current_date + 3"))
        let expected: [([String], String)] = [
            ([], "held_until\tt\t"), (["--payment-date", "tomorrow", "--pay-per", "vendor"], "held_until\tt\t"),
            (["--minimum-payment-date", day], "\tt\t"),
        ]
        for (choices, row) in expected {
            let arguments = ["explain", "invoice", "USMF", "RINV-00000001"] + choices
            let outcome = try await CommandRun(arguments, database: books.database).outcome()
            #expect(outcome.status == .exited(0))
            #expect(outcome.output.first == "reason\tis_first\tfound\tremedy")
            #expect(outcome.output.last?.hasPrefix(row) == true, "\(outcome.output)")
        }
        let unknown = try await CommandRun(["explain", "invoice", "USMF", "RINV-9"], database: books.database).outcome()
        #expect(unknown.status == .exited(1))
        #expect(unknown.errors.first == "error: legal entity \"USMF\" has no invoice \"RINV-9\" (SQLSTATE RB063)")
    }
}
