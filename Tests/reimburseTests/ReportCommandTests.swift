import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("What the command reports", .timeLimit(.minutes(10)))
struct ReportCommandTests {
    @Test("about a run is what its kind does, with the totals")
    func kinds() async throws {
        let books = try await booksWithEveryKindOfRun()
        let reports = [
            ("1", ["RMB-00000001", "RMB-00000002", "RMB-00000003"], "USMF\tUSD\t3\t30.00\t30.00\t0\t10.00\t20.00"),
            ("2", ["PAY-00000001", "PAY-00000002"], "USMF\tBANK\tUSD\t2\t20.00\t20.00\t10.00"),
            ("3", ["PAY-00000001"], "USMF\tBANK\tUSD\t1\t10.00\t10.00\t10.00"),
            ("4", ["RMB-00000001", "RMB-00000003"], "USMF\tUSD\t2\t20.00\t20.00\t0\t0\t20.00"),
        ]
        for (run, numbers, total) in reports {
            let outcome = try await CommandRun(["report", "--run", run], database: books.database).outcome()
            #expect(outcome.status == .exited(0))
            let blocks = outcome.output.split(separator: "").map { $0.dropFirst() }
            #expect(blocks.first?.map { String($0.split(separator: "\t")[2]) } == numbers)
            #expect(blocks.last == [total])
        }
    }

    @Test("without a run is about the reimbursements, or about the payments, of a legal entity or of all")
    func payments() async throws {
        let books = try await booksWithEveryKindOfRun()
        for choice in [[], ["--reimbursements"], ["-l", "USMF"]] {
            let outcome = try await CommandRun(["report"] + choice, database: books.database).outcome()
            #expect(outcome.output.filter { $0.hasPrefix("1\tUSMF\tRMB-") }.count == 3)
        }
        let payments = try await CommandRun(["report", "--payments"], database: books.database).outcome()
        #expect(payments.output.filter { $0.hasPrefix("2\tUSMF\tPAY-") }.count == 2)
        let others = try await CommandRun(["report", "--payments", "-l", "DEMF"], database: books.database).outcome()
        #expect(others.status == .exited(0))
        #expect(!others.output.contains { $0.contains("PAY-") })
    }

    @Test("about what was left out has customers, invoices and reimbursements, each with the reason")
    func skipped() async throws {
        let books = try await booksWithEveryKindOfRun()
        let rows = [
            "1\tUSMF\tC4\t\t\t\ton_hold\t10.00\t0",
            "2\tUSMF\t\tOTV-00000003\t\tRINV-00000003\tvendor_on_hold\t\t",
            "4\tUSMF\tC2\t\tRMB-00000002\t\tpaid\t\t",
        ]
        let all = try await CommandRun(["report", "--skipped"], database: books.database).outcome()
        #expect(Array(all.output.dropFirst()) == rows)
        for row in rows {
            let run = String(row.prefix(1))
            let outcome = try await CommandRun(["report", "--skipped", "--run", run], database: books.database)
                .outcome()
            #expect(Array(outcome.output.dropFirst()) == [row])
        }
        let none = try await CommandRun(["report", "--skipped", "--run", "3"], database: books.database).outcome()
        #expect(none.output.count == 1)
    }

    @Test("is an object in JSON, with payments where it is about them")
    func json() async throws {
        let books = try await booksWithEveryKindOfRun()
        let outcome = try await CommandRun(["report", "--run", "2", "--format", "json"], database: books.database)
            .outcome()
        let object = outcome.output.joined(separator: "\n")
        let row = try await books.connection.query(
            """
            SELECT j->'payments'->0->'invoice_numbers' AS invoices, j->'totals'->0->'reversed' AS reversed
            FROM (SELECT \(object)::jsonb AS j) AS t
            """
        )[0]
        #expect(row.texts == ["[\"RINV-00000001\"]", "10.00"])
    }

    @Test("says that there is no such run, and exits with 1")
    func unknownRun() async throws {
        let outcome = try await CommandRun(["report", "--run", "99"], database: .migrated()).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors == ["error: there is no run 99"])
    }

    @Test(
        "of a trace is the chain from credit to bank and back, whatever of it is named",
        arguments: [
            "C1", "RMB-00000001", "RINV-00000001", "PAY-00000001", "REV-00000001", "V1",
        ]
    )
    func trace(reference: String) async throws {
        let books = try await booksWithEveryKindOfRun()
        let outcome = try await CommandRun(["trace", "-l", "USMF", reference], database: books.database).outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.output.first == "step\treference\tvoucher\tdate\tcurrency\tamount\tnote")
        let steps = outcome.output.dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(
            steps.map { $0[0] } == [
                "credit", "reimbursement", "invoice", "payment", "bank file", "payment reversal", "reversal",
            ]
        )
        #expect(
            steps.map { $0[2] } == [
                "V1", "RMB-00000001", "RMB-00000001", "PAY-00000001", "PAY-00000001", "REV-00000001", "REV-00000002",
            ]
        )
        #expect(steps.allSatisfy { ["10.00", "-10.00"].contains($0[5]) })
        #expect(steps.map { $0[6] } == ["", "", "", "", "", "AC04", ""])
    }

    @Test("of a trace of nothing is an error")
    func traceOfNothing() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let outcome = try await CommandRun(["trace", "-l", "USMF", "RMB-1"], database: books.database).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.first?.contains("SQLSTATE RB029") == true)
    }

    /// Four customers: the first one's payment came back, the second is paid, the third one's vendor was on hold, the
    /// fourth was on hold; then the whole reimbursement run was reversed, as far as it was not paid.
    private func booksWithEveryKindOfRun() async throws -> Books {
        let books = try await Books(customers: 4, in: .migrated())
        try await books.connection.query(
            "UPDATE reimbursement.customers SET on_hold_from = current_date - 9 WHERE customer_account = 'C4'"
        )
        try await books.reimburse()
        try await books.connection.query(
            "UPDATE reimbursement.vendors SET hold = 'payment' WHERE vendor_account = 'OTV-00000003'"
        )
        try await books.enqueuePayment()
        try await books.carryOut()
        try await books.connection.query(
            "SELECT reimbursement.enqueue_payment_reversal('USMF', 'bounced', array['PAY-00000001'], return_code => 'AC04')"
        )
        try await books.carryOut()
        try await books.connection.query("SELECT reimbursement.enqueue_reversal('USMF', 'a mistake', run_id => 1)")
        try await books.carryOut()
        return books
    }
}
