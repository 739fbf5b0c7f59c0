import ArgumentParser
import PostgresClient

/// Rejects a run that waits for approval.
struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Rejects a run that waits for approval: what waits of it is cancelled.",
        discussion: "Prints how the run stands then. Nobody votes on a run of his own."
    )

    @Argument(help: "The run.")
    var run: Int64

    @Option(help: "Why; whoever asked for the run reads it.")
    var reason: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        let arguments = [NamedArgument("run_id", run), NamedArgument("reason", reason)]
        try await connection.query(Queries.rejectRun(arguments.compactMap(\.self)))
        try await VoteOutcome(run: run).print(on: connection)
    }
}
