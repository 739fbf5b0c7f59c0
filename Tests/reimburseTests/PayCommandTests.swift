import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The command pay", .timeLimit(.minutes(10)))
struct PayCommandTests {
    @Test("previews, and enqueues a run that pays what was previewed")
    func payment() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.reimburse()
        let choices = ["-l", "USMF", "--vendor-filter", "!OTV-00000002"]
        let preview = try await CommandRun(["pay", "--preview"] + choices, database: books.database).outcome()
        #expect(preview.status == .exited(0))
        #expect(preview.output.first?.hasPrefix("invoice_number\tvendor_account\t") == true)
        #expect(
            preview.output.dropFirst().map { $0.prefix(26) } == [
                "RINV-00000001\tOTV-00000001", "RINV-00000003\tOTV-00000003",
            ]
        )
        #expect(try await books.value("SELECT count(*) FROM reimbursement.runs") == "1")

        let pay = try await CommandRun(["pay", "--batches", "2"] + choices, database: books.database).outcome()
        #expect(pay.status == .exited(0))
        #expect(pay.output == ["2"])
        try await books.carryOut()
        let paid: SQL =
            "SELECT string_agg(vendor_account, ' ' ORDER BY payment_number) FROM reimbursement.vendor_payments"
        #expect(try await books.value(paid) == "OTV-00000001 OTV-00000003")
        let status = try await CommandRun(["status", "--run", "2"], database: books.database).outcome()
        #expect(status.output.last?.hasPrefix("2\tvendor_payment\tUSMF\tcompleted\t2\t2\t2\t0\t20.00\t") == true)
    }

    @Test("passes on every choice and every option of the run")
    func choices() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.reimburse()
        let outcome = try await CommandRun(
            [
                "pay", "--legal-entity", "USMF", "--payment-date", "tomorrow", "--due-through", "today",
                "--vendor-filter", "OTV-*", "--currency", "USD", "--method-of-payment", "SEPA", "--bank-account",
                "BANK",
                "--pay-per", "vendor", "--minimum-payment-date", "yesterday", "--maximum-total", "99.95",
                "--batches", "1", "--idempotency-key", "key", "--run-at", "tomorrow", "--priority", "7",
                "--max-attempts", "3", "--queue", "slow", "--description", "by hand",
            ],
            database: books.database
        ).outcome()
        #expect(outcome.errors.isEmpty)
        let row = try await books.connection.query(
            """
            SELECT r.choices = jsonb_build_object(
                    'payment_date', current_date + 1, 'due_through', current_date, 'vendor_filter', 'OTV-*',
                    'currency', 'USD', 'method_of_payment', 'SEPA', 'bank_account', 'BANK', 'pay_per', 'vendor',
                    'minimum_payment_date', current_date - 1, 'maximum_total', 99.95) AS choices,
                r.idempotency_key, r.description, j.run_at = current_date + 1 AS run_at, j.priority, j.max_attempts,
                j.queue
            FROM reimbursement.run_requests AS r JOIN reimbursement.jobs AS j USING (legal_entity_id, run_id)
            WHERE r.kind = 'vendor_payment'
            """
        )[0]
        #expect(row.texts == ["t", "key", "by hand", "t", "7", "3", "slow"])
    }

    @Test(
        "writes a file for the bank byte for byte as it is kept",
        arguments: ["pain.001.001.09", "pain.001.001.03", "csv"]
    )
    func file(format: String) async throws {
        let books = try await Books(customers: 3, in: .migrated())
        try await books.reimburse()
        let run = try await books.enqueuePayment()
        try await books.carryOut()
        let path = "\(try await SharedCluster.task.value.folder)/\(format)"
        // The first format is the one without a choice.
        let choice = format == "pain.001.001.09" ? [] : ["--file-format", format]
        let outcome = try await CommandRun(
            ["pay", "--file", "\(run)"] + choice,
            database: books.database,
            outputTo: path
        )
        .outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.errors.isEmpty)
        let found = try await books.connection.query(
            """
            SELECT b.bytes = convert_to(f.content, 'UTF8') AS same, encode(sha256(b.bytes), 'hex') = f.sha256 AS digest,
                length(b.bytes) > 300 AS long
            FROM reimbursement.payment_files AS f, pg_read_binary_file(\(path)) AS b (bytes)
            WHERE f.run_id = \(run) AND f.format = \(format)
            """
        )
        #expect(found.map(\.texts) == [["t", "t", "t"]])
    }

    @Test("warns on standard error of payments that came back, and writes the same file")
    func reversed() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        let run = try await books.enqueuePayment()
        try await books.carryOut()
        let file = ["pay", "--file", "\(run)", "--bank-account", "BANK"]
        let before = try await CommandRun(file, database: books.database).outcome()
        #expect(before.errors.isEmpty)
        try await books.connection.query(
            "SELECT reimbursement.enqueue_payment_reversal('USMF', 'bounced', array['PAY-00000002'], return_code => 'AC04')"
        )
        try await books.carryOut()
        let after = try await CommandRun(file, database: books.database).outcome()
        #expect(after.status == .exited(0))
        #expect(after.output == before.output)
        #expect(after.errors.first?.hasPrefix("warning: ") == true)
        #expect(after.errors.first?.contains("PAY-00000002") == true)
        #expect(after.errors.last?.hasPrefix("hint: ") == true)
    }

    @Test("releases a file once, and again for a reason; who took it is written down")
    func released() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        let run = try await books.enqueuePayment()
        try await books.carryOut()
        let file = try await CommandRun(["pay", "--file", "\(run)"], database: books.database).outcome()
        let release = ["pay", "--release", "\(run)"]
        let first = try await CommandRun(release, database: books.database).outcome()
        #expect(first.status == .exited(0))
        #expect(first.output == file.output)
        let second = try await CommandRun(release + ["--file-format", "csv"], database: books.database).outcome()
        #expect(second.status == .exited(1))
        #expect(second.output.isEmpty)
        #expect(second.errors.first?.contains("SQLSTATE RB056") == true)
        let third = try await CommandRun(
            release + ["--file-format", "csv", "--reason", "the bank lost it"],
            database: books.database
        ).outcome()
        #expect(third.status == .exited(0))
        #expect(third.output.count == 3)
        let taken = try await books.connection.query(
            """
            SELECT format, reason, released_by = current_user AS by_me FROM reimbursement.payment_file_releases
            ORDER BY released_at
            """
        )
        #expect(taken.map(\.texts) == [["pain.001.001.09", nil, "t"], ["csv", "the bank lost it", "t"]])
    }

    @Test("says why there is no file, writes none, and exits with 1", arguments: ["1", "2", "99"])
    func noFile(run: String) async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.reimburse()
        try await books.enqueuePayment()
        let outcome = try await CommandRun(["pay", "--file", run], database: books.database).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.first?.contains("SQLSTATE RB028") == true)
        #expect(outcome.errors.last?.hasPrefix("hint: ") == true)
    }
}
