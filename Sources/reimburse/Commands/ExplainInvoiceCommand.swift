import ArgumentParser
import PostgresClient

/// Says why an invoice is not paid.
struct ExplainInvoiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoice",
        abstract: "Says why a payment run would leave an invoice out.",
        discussion: """
            A row for each reason, with the rows behind it and what would change it; the first is the one that the run \
            would report. A row without a reason says what would be paid.
            """
    )

    @Argument(help: "The legal entity.")
    var legalEntity: String

    @Argument(help: "The number of the invoice.")
    var invoice: String

    @OptionGroup(title: "Choices of the run") var selection: InvoiceSelection
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let named = [NamedArgument("legal_entity_id", legalEntity), NamedArgument("invoice_number", invoice)]
        let query = Queries.explainInvoice(named.compactMap(\.self) + selection.arguments)
        try await output.print(query, on: database.connectToSchema())
    }
}
