import PostgresClient
import PrivatePostgres
import ReimburseSchema

/// The demonstration, from an empty database to the report.
struct Demo {
    /// The server that it happens on.
    let cluster: PrivateCluster
    /// Whether the server is there afterwards.
    let isKept: Bool

    private static let databaseName = "reimburse"
    /// The longest table that is shown whole.
    private static let longest = 20
    private let output = OutputOptions(format: .table)
    private let terminal = Terminal.standardOutput

    /// Shows it all.
    ///
    /// - Throws: What went wrong; ``UnfinishedWork`` when a run failed or the books are wrong.
    func run() async throws {
        heading("A PostgreSQL of its own", "in \(cluster.folder)")
        let server = try await connect(to: "postgres")
        try await server.query("CREATE DATABASE \(identifier: Self.databaseName)")
        await server.close()
        let connection = try await connect(to: Self.databaseName)
        let outcome = try await Migrator().migrate(connection)
        say("The schema reimbursement is at version \(outcome.version).")

        let files = SQLFile.files(in: "demo")
        guard let enqueue = files.last else { throw UnfinishedWork("the program carries no sample company") }
        heading("A sample company")
        for file in files.dropLast() {
            say("sql/\(file.path)")
            try await connection.query(SQL(script: file.text))
        }
        try await show(DemoQueries.company, on: connection)

        heading("What would a run do today?", "preview_reimbursement, with the default choices")
        try await show(DemoQueries.previews, on: connection)

        heading("The runs", "enqueued in SQL, as any application would")
        say(enqueue.text)
        try await connection.query(SQL(script: enqueue.text))

        heading("Two workers", "reimburse worker --drain, twice")
        try await work(on: connection)
        try await report(on: connection)
        howToGoOn()
    }

    // MARK: - Work

    private func connect(to database: String) async throws -> PostgresConnection {
        try await .connect(
            PostgresConfiguration(
                database: cluster.connectionString(database: database),
                applicationName: "reimburse demo"
            )
        )
    }

    private func work(on connection: PostgresConnection) async throws {
        let arguments = [
            "worker", "--drain", "--log-level", "error",
            "--database", cluster.connectionString(database: Self.databaseName),
        ]
        let runs = try await connection.query(DemoQueries.runs).map { try $0.value("run", as: Int64.self) }
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
    }

    private func report(on connection: PostgresConnection) async throws {
        let everything = ReportSelection()
        heading("The runs, finished")
        try await show(DemoQueries.runs, on: connection)
        for row in try await connection.query(DemoQueries.runs) {
            let run: Int64 = try row.value("run")
            heading("The reimbursement report of run \(run)", try row.optional("description"))
            try await show(Queries.report(ReportSelection(run: run), isShort: true), on: connection)
            heading("Customers that run \(run) left out, and why")
            try await show(DemoQueries.skippedCustomers(of: run), on: connection)
        }
        heading("What was reimbursed in all")
        try await show(Queries.totals(everything), on: connection)
        heading("One-time vendors", "for customers without a vendor account")
        try await show(DemoQueries.oneTimeVendors, on: connection)
        heading("The books", "check_books: every rule that always holds")
        let violations = try await output.print(
            Queries.violations(legalEntity: nil),
            on: connection,
            emptyMessage: "Not one violation."
        )
        guard violations == 0 else { throw UnfinishedWork("the books are wrong") }
    }

    // MARK: - Words

    private func heading(_ title: String, _ remark: String? = nil) {
        let bold = terminal.isStyled ? ("\u{1B}[1m", "\u{1B}[0m") : ("", "")
        say("\n\(bold.0)\(title)\(bold.1)\(remark.map { " · \($0)" } ?? "")\n")
    }

    private func say(_ text: String) {
        terminal.write(text + "\n")
    }

    /// Prints the first rows of a query, and how many more there are.
    private func show(_ query: SQL, on connection: PostgresConnection) async throws {
        let count: Int = try await connection.query("SELECT count(*) AS count FROM (\(query)) AS r")[0].value("count")
        try await output.print("\(query) LIMIT \(Self.longest)", on: connection, emptyMessage: "None.")
        if count > Self.longest { say("… and \(count - Self.longest) more") }
    }

    private func howToGoOn() {
        heading("Look further")
        if isKept {
            say(
                """
                psql -h \(cluster.folder) -p 5432 -U postgres \(Self.databaseName)

                    \\df+ reimbursement.enqueue_reimbursement
                    select * from reimbursement.reimbursement_report;
                    select * from reimbursement.ledger_entries order by voucher;
                    select * from reimbursement.jobs;

                The server runs until you stop it:

                kill -INT $(head -n 1 \(cluster.folder)/data/postmaster.pid); sleep 1; rm -rf \(cluster.folder)
                """
            )
        } else {
            say(
                """
                The server is gone now. To keep it and look around with psql: reimburse demo --keep
                On a database of your own: reimburse migrate, then reimburse worker, and in psql

                    \\df+ reimbursement.*
                    select reimbursement.set_up_legal_entity('USMF', 'Contoso', 'USD');
                """
            )
        }
    }
}
