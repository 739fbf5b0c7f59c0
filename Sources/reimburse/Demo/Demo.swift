import PostgresClient
import PrivatePostgres
import ReimburseSchema

/// The demonstration, from an empty database to the bank and back.
struct Demo {
    /// The server that it happens on.
    let cluster: PrivateCluster
    /// Whether the server is there afterwards.
    let isKept: Bool

    private static let databaseName = "reimburse"
    /// The legal entity, and the customer of it, that are followed through everything.
    private static let followed = (legalEntity: "DEMF", customer: "DE-010")
    private let page = DemoPage()

    /// Shows it all.
    ///
    /// - Throws: What went wrong; ``UnfinishedWork`` when a run failed or the books are wrong.
    func run() async throws {
        page.heading("A PostgreSQL of its own", "in \(cluster.folder)")
        let server = try await connect(to: "postgres")
        try await server.query("CREATE DATABASE \(identifier: Self.databaseName)")
        await server.close()
        let connection = try await connect(to: Self.databaseName)
        let outcome = try await Migrator().migrate(connection)
        page.say("The schema reimbursement is at version \(outcome.version).")

        try await makeCompany(on: connection)
        try await reimburse(on: connection)
        try await pay(on: connection)
        try await takeBack(on: connection)
        try await approve(on: connection)
        try await lookBack(on: connection)
        howToGoOn()
    }

    // MARK: - Chapters

    private func makeCompany(on connection: PostgresConnection) async throws {
        page.heading("A sample company")
        for name in ["01_legal_entities", "02_customers_and_vendors", "03_transactions", "04_bank_accounts"] {
            let file = try Self.file(name)
            page.say("sql/\(file.path)")
            try await connection.query(SQL(script: file.text))
        }
        try await page.show(DemoQueries.company, on: connection)
        try await connection.query(DemoQueries.beginBalances)
        try await keepBalances("at_first", on: connection)
    }

    private func reimburse(on connection: PostgresConnection) async throws {
        page.heading("What would a run reimburse today?", "preview_reimbursement, with the default choices")
        try await page.show(DemoQueries.reimbursementPreviews, on: connection, rows: 30)

        page.heading("The credits are reimbursed", "enqueued in SQL, carried out by two workers")
        let runs = try await carryOut("05_reimburse", on: connection)
        for run in runs {
            page.heading("The report of run \(run)", "reimburse report --run \(run)")
            let report = Queries.reimbursements(ReportSelection(run: run), isShort: true)
            try await page.show(report, on: connection, cutTo: 4)
        }
        page.heading("Customers that were left out, and why", "reimburse report --skipped")
        try await page.show(DemoQueries.skippedCustomers, on: connection, rows: 12)
        page.heading("What was reimbursed in all")
        try await page.show(Queries.reimbursementTotals(ReportSelection()), on: connection)
        page.heading("One-time vendors", "for customers without a vendor account")
        try await page.show(DemoQueries.oneTimeVendors, on: connection, cutTo: 8)
        try await keepBalances("reimbursed", on: connection)
    }

    private func pay(on connection: PostgresConnection) async throws {
        page.heading("The invoices are paid")
        let runs = try await carryOut("06_pay", on: connection) {
            page.heading("What will the runs pay?", "preview_vendor_payment, while they wait for a worker")
            try await page.show(DemoQueries.paymentPreviews, on: connection, rows: 30)
            page.say("")
        }
        for run in runs {
            page.heading("The payments of run \(run)", "reimburse report --run \(run)")
            let report = Queries.payments(ReportSelection(run: run), isShort: true)
            try await page.show(report, on: connection, cutTo: 4)
        }
        page.heading("Invoices that were left out, and why", "reimburse report --skipped")
        try await page.show(DemoQueries.skippedInvoices, on: connection)
        try await keepBalances("paid", on: connection)

        page.heading("The files for the bank", "kept exactly as they were generated")
        try await page.show(DemoQueries.paymentFiles, on: connection)
        let run = runs[1]
        let file = "reimburse pay --file \(run) --bank-account FFM-EUR"
        page.heading("The beginning of one of them", file)
        let content = Queries.paymentFile(of: run, format: nil, bankAccount: "FFM-EUR")
        page.excerpt(try await connection.query(content)[0].value("content"), lines: 6)
        page.heading("What it says otherwise than the books", "SEPA has fewer characters: payment_file_changes")
        try await page.show(DemoQueries.paymentFileChanges, on: connection)
    }

    private func takeBack(on connection: PostgresConnection) async throws {
        page.heading("What the banks answer", "reimburse bank FILE…, or import_bank_message")
        try await carryOut("07_the_bank_answers", on: connection)
        try await page.show(DemoQueries.bankMessages, on: connection)
        page.heading("What the bank says of the payments", "vendor_payments: accepted, executed; two came back")
        try await page.show(DemoQueries.paymentStatuses, on: connection)
        page.heading("What a person has to look at", "nothing is posted on a guess: bank_exceptions")
        try await page.show(DemoQueries.bankExceptions, on: connection)
        try await keepBalances("came_back", on: connection)
        page.heading("A reimbursement is taken back")
        try await carryOut("08_reverse_a_reimbursement", on: connection)
        try await keepBalances("reversed", on: connection)
        page.heading("… reimbursed again")
        try await carryOut("09_reimburse_again", on: connection)
        page.heading("… and paid")
        let again = try await carryOut("10_pay_again", on: connection)
        page.heading("Why the others are not", "skipped_invoices; reimburse explain invoice tells more")
        try await page.show(Queries.skipped(ReportSelection(run: again[0]), isShort: true), on: connection)
        try await keepBalances("in_the_end", on: connection)
    }

    private func approve(on connection: PostgresConnection) async throws {
        page.heading("A run that waits for somebody else")
        let file = try Self.file("11_wait_for_approval")
        page.say(file.text)
        try await connection.query(SQL(script: file.text))
        page.heading("What waits for whom", "reimburse status --approvals")
        try await page.show(DemoQueries.pendingApprovals, on: connection)
        page.heading("Approved is what was seen")
        let runs = try await carryOut("12_approve_and_change", on: connection, endingAs: "failed")
        page.heading("A change after the approval is caught, and nothing is written", "job_errors")
        try await page.say(connection.query(DemoQueries.error(of: runs[0]))[0].value("message"))
        page.heading("Put right, and approved again")
        try await carryOut("13_approve_again", on: connection)
        page.heading("Who approved what", "run_approvals")
        try await page.show(DemoQueries.approvals, on: connection)
        page.heading("Who changed what", "changes")
        try await page.show(DemoQueries.changes, on: connection)
    }

    private func lookBack(on connection: PostgresConnection) async throws {
        page.heading("All runs", "reimburse status")
        try await page.show(DemoQueries.runs, on: connection, rows: 20)
        let (legalEntity, customer) = Self.followed
        page.heading(
            "One customer, from credit to bank and back",
            "reimburse trace --legal-entity \(legalEntity) \(customer)"
        )
        try await page.show(Queries.trace(legalEntity: legalEntity, reference: customer), on: connection, rows: 40)
        page.heading("The German balances at every step", "open balances, and the bank's in the ledger")
        try await page.show(DemoQueries.balances, on: connection, rows: 30)
        page.heading("The books", "check_books: every rule that always holds")
        let violations = try await page.output.print(
            Queries.violations(legalEntity: nil),
            on: connection,
            emptyMessage: "Not one violation."
        )
        guard violations == 0 else { throw UnfinishedWork("the books are wrong") }
    }

    // MARK: - Work

    private static func file(_ name: String) throws -> SQLFile {
        guard let file = SQLFile.files(in: "demo").first(where: { $0.name == name }) else {
            throw UnfinishedWork("the program carries no sql/demo/\(name).sql")
        }
        return file
    }

    private func connect(to database: String) async throws -> PostgresConnection {
        try await .connect(
            PostgresConfiguration(
                database: cluster.connectionString(database: database),
                applicationName: "reimburse demo"
            )
        )
    }

    private func keepBalances(_ moment: String, on connection: PostgresConnection) async throws {
        try await connection.query(DemoQueries.keepBalances(moment, of: Self.followed.legalEntity))
    }

    /// Prints a script that enqueues runs, executes it, and lets two workers carry them out.
    ///
    /// - Parameters:
    ///   - name: The script's name, without `.sql`.
    ///   - connection: A connection to the database.
    ///   - endState: The state in which the runs are to end.
    ///   - pause: What is shown while the runs wait for a worker.
    /// - Returns: The runs.
    /// - Throws: What went wrong; ``UnfinishedWork`` when a run or a worker failed.
    @discardableResult
    private func carryOut(
        _ name: String,
        on connection: PostgresConnection,
        endingAs endState: String = "completed",
        pause: () async throws -> Void = {}
    ) async throws -> [Int64] {
        let file = try Self.file(name)
        page.say(file.text)
        try await connection.query(SQL(script: file.text))
        try await pause()
        let runs = try await connection.query(DemoQueries.unfinishedRuns).map { try $0.value("run", as: Int64.self) }
        let arguments = [
            "worker", "--drain", "--log-level", "error",
            "--database", cluster.connectionString(database: Self.databaseName),
        ]
        var workers: [ChildProcess] = []
        for _ in 1...2 {
            let worker = try ChildProcess(OwnExecutable.path, arguments)
            try await cluster.adopt(worker)
            workers.append(worker)
        }
        try await ProgressDisplay().follow(runs, on: connection)
        for worker in workers {
            let status = await worker.waitForExit()
            guard status == .exited(0) else { throw UnfinishedWork("a worker ended with \(status)") }
        }
        for run in runs {
            let row = try await connection.query(Queries.state(of: run))[0]
            let state: String = try row.value("state")
            guard state == endState else { throw UnfinishedWork("run \(run) is \(state)") }
        }
        return runs
    }

    private func howToGoOn() {
        page.heading("Look further")
        if isKept {
            page.say(
                """
                psql -h \(cluster.folder) -p 5432 -U postgres \(Self.databaseName)

                    \\df+ reimbursement.enqueue_reimbursement
                    select * from reimbursement.reimbursement_report;
                    select * from reimbursement.vendor_payments;
                    select * from reimbursement.ledger_entries order by voucher;
                    select * from reimbursement.jobs;

                The server runs until you stop it:

                kill -INT $(head -n 1 \(cluster.folder)/data/postmaster.pid); sleep 1; rm -rf \(cluster.folder)
                """
            )
        } else {
            page.say(
                """
                The server is gone now. To keep it and look around with psql: reimburse demo --keep
                On a database of your own: reimburse migrate, then reimburse worker, and in psql

                    \\df+ reimbursement.enqueue*
                    select reimbursement.set_up_legal_entity('USMF', 'Contoso', 'USD');
                """
            )
        }
    }
}
