import ArgumentParser
import PostgresClient

/// Takes a failed run up again.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Takes a failed run up again: its failed jobs are ready once more.",
        discussion: "Jobs that completed stay completed. Prints how the run stands then."
    )

    @Argument(help: "The run.")
    var run: Int64

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        try await connection.query(Queries.retryRun(run))
        let state: String = try await connection.query(Queries.state(of: run))[0].value("state")
        print("run \(run) is \(state)")
    }
}
