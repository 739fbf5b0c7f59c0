import ArgumentParser
import PostgresClient

/// Prints what was reimbursed.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the reimbursement report and its totals per currency, or the skipped customers.",
        discussion: "As JSON, the report is an object with the members reimbursements and totals."
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this run.", valueName: "number"))
    var run: Int64?

    @Option(name: .shortAndLong, help: "Only this legal entity.")
    var legalEntity: String?

    @Flag(help: "Print the customers that were left out instead, and why.")
    var skipped = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        let selection = ReportSelection(run: run, legalEntity: legalEntity)
        // One snapshot, so that the totals are those of the rows.
        try await connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if skipped {
            try await output.print(Queries.skippedCustomers(selection), on: connection)
        } else if output.effectiveFormat == .json {
            Terminal.standardOutput.write("{\"reimbursements\":\n")
            try await output.print(Queries.report(selection, isShort: false), on: connection)
            Terminal.standardOutput.write(",\"totals\":\n")
            try await output.print(Queries.totals(selection), on: connection)
            Terminal.standardOutput.write("}\n")
        } else {
            let isShort = output.effectiveFormat == .table
            try await output.print(Queries.report(selection, isShort: isShort), on: connection)
            Terminal.standardOutput.write("\n")
            try await output.print(Queries.totals(selection), on: connection)
        }
    }
}
