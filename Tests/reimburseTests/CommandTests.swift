import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The command", .timeLimit(.minutes(10)))
struct CommandTests {
    @Test(
        "exits with 64 for wrong usage",
        arguments: [
            ["--nonsense"], ["nonsense"], ["enqueue"], ["enqueue", "-l", "USMF", "--batches", "many"],
            ["worker", "--concurrency", "0"], ["report", "--format", "xml"], ["demo", "--database", "x"],
            ["status", "--limit=-1"], ["status", "--watch", "--format", "json"], ["report", "--payments", "--skipped"],
            ["pay"], ["pay", "-l", "USMF", "--file-format", "csv"], ["pay", "-l", "USMF", "--format", "json"],
            ["pay", "-l", "USMF", "--preview", "--batches", "2"], ["pay", "-l", "USMF", "--preview", "--wait"],
            ["pay", "--file", "1", "-l", "USMF"], ["pay", "--file", "1", "--wait"],
            ["pay", "--file", "1", "--preview"], ["pay", "--file", "1", "--release", "1"],
            ["pay", "--file", "1", "--reason", "x"],
            ["pay", "-l", "USMF", "--reason", "x"], ["pay", "--release", "1", "--wait"],
            ["pay", "--file", "1", "--format", "json"], ["pay", "--file", "one"],
            ["reverse", "-l", "USMF", "--reason", "x"], ["reverse", "-l", "USMF", "--run", "1"],
            ["reverse", "--reason", "x", "--run", "1"],
            ["reverse", "-l", "USMF", "--reason", "x", "--run", "1", "--payment", "PAY-1"],
            ["reverse", "-l", "USMF", "--reason", "x", "--run", "1", "--reimbursement", "RMB-1"],
            ["reverse", "-l", "USMF", "--reason", "x", "--run", "1", "--return-code", "AC04"],
            ["reverse", "-l", "USMF", "--reason", "x", "--reimbursement", "RMB-1", "--not-sent"],
            ["reverse", "-l", "USMF", "--run", "1", "--preview", "--batches", "2"],
            ["reverse", "-l", "USMF", "--reason", "x", "--run", "1", "--format", "json"],
            ["trace", "-l", "USMF"], ["trace", "C1"], ["explain", "customer"],
            ["explain", "customer", "USMF"], ["explain", "nonsense", "USMF", "C1"],
            ["approve"], ["approve", "one"], ["approve", "1", "--format", "json"],
            ["approve", "1", "--preview", "--note", "x"], ["approve", "1", "--preview", "--digest", "x"],
            ["reject", "1"], ["reject", "--reason", "x"], ["status", "--watch", "--approvals"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let outcome = try await CommandRun(arguments, database: nil).outcome()
        #expect(outcome.status == .exited(64))
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test(
        "prints its help on standard output, and exits with 0",
        arguments: [[], ["--help"], ["help"], ["worker", "--help"], ["help", "worker"]]
    )
    func help(arguments: [String]) async throws {
        let outcome = try await CommandRun(arguments, database: nil).outcome()
        #expect(outcome.status == .exited(0))
        #expect(outcome.output.contains { $0.hasPrefix("USAGE: reimburse") })
        #expect(outcome.errors.isEmpty)
    }

    @Test("says that there is no such run, whether it is followed or not", arguments: [[], ["--watch"]])
    func unknownRun(options: [String]) async throws {
        let outcome = try await CommandRun(["status", "--run", "99"] + options, database: .migrated()).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors == ["error: there is no run 99"])
    }

    @Test(
        "says what to do about a database without the schema, and exits with 1",
        arguments: [["worker"], ["status"], ["report"], ["check"], ["preview", "-l", "X"], ["enqueue", "-l", "X"]]
    )
    func notMigrated(arguments: [String]) async throws {
        let outcome = try await CommandRun(arguments, database: .empty()).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("hint: Install it with: reimburse migrate"))
    }

    @Test("names the server that it cannot reach, and exits with 1")
    func unreachable() async throws {
        let outcome = try await CommandRun(["check", "--database", "host=/nonexistent"], database: nil).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.first?.contains("/nonexistent") == true)
        #expect(outcome.errors.contains { $0.contains("SQLSTATE 08001") })
        #expect(outcome.errors.last?.hasPrefix("hint: ") == true)
    }

    @Test("migrates, and says what it did")
    func migrate() async throws {
        let database = try await TestDatabase.empty()
        let printed = try await CommandRun(["migrate", "--print"], database: database).outcome()
        #expect(printed.status == .exited(0))
        #expect(printed.output.contains("commit;"))
        let first = try await CommandRun(["migrate"], database: database).outcome()
        #expect(first.status == .exited(0))
        #expect(first.output.contains("applied 0001_types"))
        let second = try await CommandRun(["migrate"], database: database).outcome()
        #expect(second.output == first.output.suffix(1))
    }

    @Test("previews, enqueues and reports, plain in a pipe")
    func plain() async throws {
        let books = try await Books(customers: 3, in: .migrated())
        let preview = try await CommandRun(
            ["preview", "-l", "USMF", "--customer-filter", "C1..C2"],
            database: books.database
        ).outcome()
        #expect(preview.status == .exited(0))
        #expect(preview.output.count == 3)
        #expect(preview.output[0].split(separator: "\t").first == "customer_account")
        #expect(preview.output[1].hasPrefix("C1\tUSD\t\t10"))
        #expect(try await books.value("SELECT count(*) FROM reimbursement.runs") == "0")

        let enqueue = try await CommandRun(
            ["enqueue", "-l", "USMF", "--no-summarize-customer", "--batches", "2", "--description", "by hand"],
            database: books.database
        ).outcome()
        #expect(enqueue.status == .exited(0))
        #expect(enqueue.output == ["1"])
        #expect(try await books.value("SELECT description FROM reimbursement.runs") == "by hand")
        #expect(try await books.value("SELECT choices->>'summarize_customer' FROM reimbursement.runs") == "false")
        _ = try await CommandRun(["worker", "--drain"], database: books.database).outcome()

        let report = try await CommandRun(["report", "--run", "1"], database: books.database).outcome()
        #expect(report.status == .exited(0))
        #expect(report.output.filter { $0.hasPrefix("1\tUSMF\t") }.count == 3)
        #expect(report.output.last?.hasPrefix("USMF\tUSD\t3\t30") == true)
        let status = try await CommandRun(["status"], database: books.database).outcome()
        #expect(status.output.last?.contains("completed") == true)
    }

    @Test("prints JSON when asked to")
    func json() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let outcome = try await CommandRun(["preview", "-l", "USMF", "--format", "json"], database: books.database)
            .outcome()
        let text = outcome.output.joined(separator: "\n")
        let row = try await books.connection.query(
            "SELECT j->0->>'customer_account' AS account, json_array_length(j) AS rows FROM (SELECT \(text)::json AS j) AS t"
        )[0]
        #expect(row.texts == ["C1", "1"])
        let report = try await CommandRun(["report", "--format", "json"], database: books.database).outcome()
        let object = report.output.joined(separator: "\n")
        #expect(try await books.value("SELECT \(object)::json->>'totals'") == "[]")
    }

    @Test("aligns the columns of a table, also behind a name in Chinese")
    func table() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.connection.query(
            """
            UPDATE reimbursement.customers SET name = '山田商店' WHERE customer_account = 'C1';
            UPDATE reimbursement.customers SET name = 'Yamada &' WHERE customer_account = 'C2'
            """
        )
        try await books.enqueue()
        try await books.carryOut()
        let outcome = try await CommandRun(["report", "--format", "table"], database: books.database).outcome()
        // Each of the four characters takes two columns of a terminal.
        #expect(outcome.output[2].contains("  山田商店  OTV-"))
        #expect(outcome.output[3].contains("  Yamada &  OTV-"))
    }

    @Test("logs in JSON when asked to, an object a line, with run, job and attempt")
    func jsonLog() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.enqueue()
        let outcome = try await CommandRun(["worker", "--drain", "--log-format", "json"], database: books.database)
            .outcome()
        let array = "[\(outcome.errors.joined(separator: ","))]"
        let found = try await books.value(
            """
            SELECT string_agg(concat_ws(' ', line->>'run', line->>'job', line->>'attempt', line->>'message'), ', ')
            FROM jsonb_array_elements(\(array)::jsonb) AS line WHERE line->>'level' = 'info' AND line ? 'job'
            """
        )
        #expect(found == "1 1 1 job started, 1 1 1 job completed")
    }

    @Test("prints an error of the database with its SQLSTATE and its hint, and exits with 1")
    func databaseError() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let outcome = try await CommandRun(["enqueue", "-l", "NOBODY"], database: books.database).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.first?.contains("SQLSTATE RB001") == true)
        #expect(outcome.errors.last?.hasPrefix("hint: ") == true)
    }

    @Test("waits for a run, and exits with 1 when it fails")
    func wait() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let worker = try CommandRun(["worker"], database: books.database)
        let done = try await CommandRun(["enqueue", "-l", "USMF", "--wait"], database: books.database).outcome()
        #expect(done.status == .exited(0))
        let holder = try await books.holdNumbers()
        try await books.connection.query(
            """
            INSERT INTO reimbursement.customer_transactions
                (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
            VALUES ('USMF', 'C1', 'credit_note', 'W', current_date, 'USD', -10)
            """
        )
        let failing = try CommandRun(
            ["enqueue", "-l", "USMF", "--wait", "--max-attempts", "1"],
            database: books.database
        )
        try await books.waitForBlockedTransfers()
        try await books.connection.query(
            """
            SELECT pg_cancel_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%execute_job%' AND wait_event_type = 'Lock'
            """
        )
        let outcome = await failing.outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.output == ["2"])
        #expect(outcome.errors.first?.contains("run 2 is failed") == true)
        await holder.close()
        worker.process.send(signal: 15)
        #expect(await worker.outcome().status == .exited(0))
    }

    @Test("exits with 1 when the books are wrong, and says where")
    func check() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        _ = try await CommandRun(["worker", "--drain"], database: books.database).outcome()
        let right = try await CommandRun(["check"], database: books.database).outcome()
        #expect(right.status == .exited(0))
        #expect(right.output.count == 1)
        // What no constraint would let pass, as if the disk had done it.
        try await books.connection.query(
            """
            SET session_replication_role = replica;
            UPDATE reimbursement.ledger_entries SET amount = amount + 1, accounting_amount = accounting_amount + 1
            WHERE ctid = (SELECT min(ctid) FROM reimbursement.ledger_entries)
            """
        )
        let wrong = try await CommandRun(["check"], database: books.database).outcome()
        #expect(wrong.status == .exited(1))
        #expect(wrong.output.count > 1)
        #expect(wrong.output.dropFirst().allSatisfy { $0.hasPrefix("USMF\t") })
    }

    @Test("checks what one run wrote, and is not troubled by what another one did wrong")
    func checkOfRun() async throws {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.enqueue()
        try await books.enqueue()
        _ = try await CommandRun(["worker", "--drain"], database: books.database).outcome()
        try await books.connection.query(
            """
            SET session_replication_role = replica;
            UPDATE reimbursement.ledger_entries SET amount = amount + 1, accounting_amount = accounting_amount + 1
            WHERE ctid = (SELECT min(ctid) FROM reimbursement.ledger_entries)
            """
        )
        let wrong = try await CommandRun(["check", "--run", "1"], database: books.database).outcome()
        #expect(wrong.status == .exited(1))
        #expect(wrong.output.count > 1)
        let right = try await CommandRun(["check", "--run", "2"], database: books.database).outcome()
        #expect(right.status == .exited(0))
        #expect(right.output.count == 1)
        let unknown = try await CommandRun(["check", "--run", "99"], database: books.database).outcome()
        #expect(unknown.status == .exited(1))
        #expect(unknown.errors.first?.contains("there is no run 99") == true)
        #expect(unknown.errors.first?.contains("SQLSTATE RB033") == true)
    }

    @Test("follows runs to their end, from the steps that their open transactions show")
    func watch() async throws {
        let books = try await Books(customers: 4, in: .migrated())
        let holder = try await books.holdNumbers()
        try await books.enqueue(batches: 2)
        let worker = try CommandRun(["worker", "--drain"], database: books.database)
        try await books.waitForBlockedTransfers()
        let watch = try CommandRun(["status", "--watch"], database: books.database)
        try await watch.waitForOutput(lines: 1)
        await holder.close()
        let outcome = await watch.outcome()
        #expect(outcome.status == .exited(0))
        #expect(await worker.outcome().status == .exited(0))
        let first = try #require(outcome.output.first)
        #expect(first.hasPrefix("run 1 USMF  "))
        #expect(first.contains("running · 0/2 batches"))
        #expect(!first.contains(" 0%"))
        let last = "run 1 USMF  100%  reimbursement completed · 2/2 batches · 4 processed, 0 skipped"
        #expect(outcome.output.last == last)
    }

    @Test("is not misled about progress by a session that took the name of a transfer", arguments: ["9/1", "1/0"])
    func misleadingName(step: String) async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.enqueue()
        try await books.connection.query(
            """
            SELECT reimbursement.claim_jobs('nobody', 1);
            SELECT set_config('application_name', 'reimburse ' || max(job_id) || ' ' || \(step), false)
            FROM reimbursement.jobs
            """
        )
        let watch = try CommandRun(["status", "--watch"], database: books.database)
        try await watch.waitForOutput(lines: 1)
        watch.process.send(signal: 15)
        let outcome = await watch.outcome()
        #expect(outcome.status == .signalled(15))
        #expect(outcome.output.first?.contains(" 0%  reimbursement running") == true)
    }
}
