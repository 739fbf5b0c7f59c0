import ArgumentParser
import PostgresClient

/// Prints what runs did.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints what was reimbursed or paid, with its totals per currency, or what was left out, and why.",
        discussion: """
            The report of a run is that of its kind: what it reimbursed, paid or reversed; with --skipped, the \
            customers, invoices or reimbursements that it left out.

            As JSON, the report is an object with the members reimbursements or payments, and totals.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this run.", valueName: "number"))
    var run: Int64?

    @Option(name: .shortAndLong, help: "Only this legal entity.")
    var legalEntity: String?

    @Flag var subject: ReportSubject?

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        // One snapshot, so that the totals are those of the rows.
        try await connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let selection = try await selection(on: connection)
        let isShort = output.effectiveFormat == .table
        switch subject ?? selection.kind.map(ReportSubject.init) ?? .reimbursements {
        case .reimbursements:
            let rows = Queries.reimbursements(selection, isShort: isShort)
            try await print("reimbursements", rows, Queries.reimbursementTotals(selection), on: connection)
        case .payments:
            let rows = Queries.payments(selection, isShort: isShort)
            try await print("payments", rows, Queries.paymentTotals(selection), on: connection)
        case .skipped:
            try await output.print(Queries.skipped(selection, isShort: isShort), on: connection)
        }
    }

    private func selection(on connection: PostgresConnection) async throws -> ReportSelection {
        guard let run else { return ReportSelection(legalEntity: legalEntity) }
        guard let row = try await connection.query(Queries.kind(of: run)).first else {
            throw UnfinishedWork("there is no run \(run)")
        }
        return ReportSelection(
            run: run,
            kind: try row.value("kind"),
            legalEntity: try legalEntity ?? row.value("legal_entity_id")
        )
    }

    private func print(_ name: String, _ rows: SQL, _ totals: SQL, on connection: PostgresConnection) async throws {
        let isJSON = output.effectiveFormat == .json
        Terminal.standardOutput.write(isJSON ? "{\"\(name)\":\n" : "")
        try await output.print(rows, on: connection)
        Terminal.standardOutput.write(isJSON ? ",\"totals\":\n" : "\n")
        try await output.print(totals, on: connection)
        Terminal.standardOutput.write(isJSON ? "}\n" : "")
    }
}
