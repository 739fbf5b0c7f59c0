import ArgumentParser

/// Says why something is left out.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says why a run would leave something out: every reason, and what would change it.",
        subcommands: [ExplainCustomerCommand.self, ExplainInvoiceCommand.self]
    )
}
