import ArgumentParser
import PostgresClient

/// Cancels a run.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels a run: what waits of it at once, what runs of it within a second.",
        discussion: "What of it has completed stays; reimburse reverse takes that back. Prints how the run stands then."
    )

    @Argument(help: "The run.")
    var run: Int64

    @Option(help: "Why; whoever asked for the run reads it.")
    var reason: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        try await connection.query(Queries.cancelRun(run, reason: reason))
        let state: String = try await connection.query(Queries.state(of: run))[0].value("state")
        print(
            "run \(run) is \(state == "cancelled" ? state : "being cancelled, and \(state) until its worker has heard of it")"
        )
    }
}
