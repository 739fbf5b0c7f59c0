import ArgumentParser
import PostgresClient

/// Says why a customer is not reimbursed, or not all of his credits.
struct ExplainCustomerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer",
        abstract: "Says why a reimbursement run would leave a customer out, or some of his credits.",
        discussion: """
            A row for each reason, with the rows behind it and what would change it; the first is the one that the run \
            would report. A row without a reason says what would be reimbursed.
            """
    )

    @Argument(help: "The legal entity.")
    var legalEntity: String

    @Argument(help: "The customer account.")
    var account: String

    @OptionGroup(title: "Choices of the run") var selection: ReimbursementSelection
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let named = [NamedArgument("legal_entity_id", legalEntity), NamedArgument("customer_account", account)]
        let query = Queries.explainCustomer(named.compactMap(\.self) + selection.arguments)
        try await output.print(query, on: database.connectToSchema())
    }
}
