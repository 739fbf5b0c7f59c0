import ArgumentParser

/// Says what a reimbursement run would do.
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows what a reimbursement run would do, and does nothing.",
        discussion: "A row for each reimbursement to be, and one for each customer that would be skipped."
    )

    @OptionGroup var choices: ReimbursementChoices
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await output.print(Queries.previewReimbursement(choices.arguments), on: database.connectToSchema())
    }
}
