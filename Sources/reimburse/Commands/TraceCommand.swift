import ArgumentParser
import PostgresClient

/// Follows money from a credit to the bank and back.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Prints the whole chain that something belongs to: from credit to bank and back, a step a row."
    )

    @Option(name: .shortAndLong, help: "The legal entity.")
    var legalEntity: String

    @Argument(help: "A customer account, or the number of a reimbursement, an invoice, a payment or a voucher.")
    var reference: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let steps = Queries.trace(legalEntity: legalEntity, reference: reference)
        try await output.print(steps, on: database.connectToSchema(), emptyMessage: "No step.")
    }
}
