import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The command reverse", .timeLimit(.minutes(10)))
struct ReverseCommandTests {
    @Test("previews the reversal of reimbursements, by number and by run")
    func preview() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.reimburse()
        let byNumber = ["--reimbursement", "RMB-00000003", "--reimbursement", "RMB-00000001"]
        for (choice, expected) in [(byNumber, ["C1", "C3"]), (["--run", "1"], ["C1", "C2", "C3"])] {
            let outcome = try await CommandRun(
                ["reverse", "--preview", "-l", "USMF"] + choice,
                database: books.database
            ).outcome()
            #expect(outcome.status == .exited(0))
            #expect(outcome.output.first?.hasPrefix("reimbursement_number\tcustomer_account\t") == true)
            #expect(outcome.output.dropFirst().map { String($0.split(separator: "\t")[1]) } == expected)
        }
        #expect(try await books.value("SELECT count(*) FROM reimbursement.runs") == "1")
    }

    @Test("takes back the reimbursements that are named, dated and with the reason, and waits for it")
    func byNumber() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.reimburse()
        let worker = try CommandRun(["worker"], database: books.database)
        let outcome = try await CommandRun(
            [
                "reverse", "-l", "USMF", "--reason", "the wrong \"customer\"", "--reimbursement", "RMB-00000001",
                "--reimbursement", "RMB-00000003", "--posting-date", "tomorrow", "--description", "by hand", "--wait",
            ],
            database: books.database
        ).outcome()
        worker.process.send(signal: 15)
        #expect(outcome.status == .exited(0))
        #expect(outcome.output == ["2"])
        #expect(await worker.outcome().status == .exited(0))
        let reversals = try await books.connection.query(
            """
            SELECT reversed_voucher, reason, posting_date = current_date + 1 AS tomorrow
            FROM reimbursement.reversals ORDER BY reversed_voucher
            """
        )
        #expect(
            reversals.map(\.texts) == [
                ["RMB-00000001", "the wrong \"customer\"", "t"], ["RMB-00000003", "the wrong \"customer\"", "t"],
            ]
        )
        #expect(try await books.value("SELECT description FROM reimbursement.runs WHERE run_id = 2") == "by hand")
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }

    @Test("takes back a payment, then the reimbursements of a whole run, so that all is as it was")
    func roundTrip() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        let balances: SQL =
            "SELECT jsonb_agg(b ORDER BY customer_account)::text FROM reimbursement.customer_balances AS b"
        let before = try await books.value(balances)
        try await books.reimburse()
        try await books.enqueuePayment()
        try await books.carryOut()
        let refused = try await CommandRun(
            ["reverse", "-l", "USMF", "--reason", "x", "--reimbursement", "RMB-00000001"],
            database: books.database
        ).outcome()
        #expect(refused.status == .exited(1))
        #expect(refused.output.isEmpty)

        let payments = ["--payment", "PAY-00000001", "--payment", "PAY-00000002"]
        let twice = try await CommandRun(
            ["reverse", "-l", "USMF", "--reason", "bounced"] + payments,
            database: books.database
        ).outcome()
        #expect(twice.status == .exited(1))
        for (choice, reasons) in [([], "in_bank_file"), (["--not-sent"], ""), (["--return-code", "AC04"], "")] {
            let preview = try await CommandRun(
                ["reverse", "--preview", "-l", "USMF"] + payments + choice,
                database: books.database
            ).outcome()
            #expect(preview.output.first?.hasSuffix("\tinvoice_numbers\tskip_reason") == true)
            let found = preview.output.dropFirst().map { row in
                row.split(separator: "\t", omittingEmptySubsequences: false).last.map(String.init)
            }
            #expect(found == [reasons, reasons])
        }
        for choice in [payments + ["--return-code", "AC04"], ["--run", "1"]] {
            let outcome = try await CommandRun(
                ["reverse", "-l", "USMF", "--reason", "bounced"] + choice,
                database: books.database
            ).outcome()
            #expect(outcome.status == .exited(0))
            try await books.carryOut()
        }
        let kinds: SQL = "SELECT string_agg(kind || ' ' || processed, ', ' ORDER BY run_id) FROM reimbursement.runs"
        #expect(
            try await books.value(kinds)
                == "reimbursement 2, vendor_payment 2, payment_reversal 2, reimbursement_reversal 2"
        )
        let codes: SQL = "SELECT string_agg(return_code, ' ') FROM reimbursement.vendor_payments"
        #expect(try await books.value(codes) == "AC04 AC04")
        #expect(try await books.value(balances) == before)
        #expect(try await books.value("SELECT count(*) FROM reimbursement.check_books()") == "0")
    }
}
