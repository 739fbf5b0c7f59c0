import ArgumentParser
import PostgresClient

/// Enqueues a reimbursement run.
struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue",
        abstract: "Enqueues a reimbursement run for the workers, and prints its number."
    )

    @OptionGroup var choices: ReimbursementChoices
    @OptionGroup(title: "Run options") var runOptions: RunOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let query = Queries.enqueueReimbursement(choices.arguments + runOptions.arguments)
        try await runOptions.enqueue(query, on: database.connectToSchema())
    }
}
