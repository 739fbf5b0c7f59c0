import ArgumentParser
import PostgresClient

/// Shows how runs stand.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how runs stand, or follows them to their end.",
        discussion: """
            With --watch, a bar for each run shows how far it is, batches included whose transaction is still open; it \
            ends when no run is ready or running. In a pipe, a line is printed whenever something changes.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this run.", valueName: "number"))
    var run: Int64?

    @Option(help: "How many runs to show, the latest first.")
    var limit = 20

    @Flag(name: .shortAndLong, help: "Follow what is unfinished until nothing is.")
    var watch = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("The limit is not negative.") }
        guard !watch || output.format == nil else { throw ValidationError("With --watch there is no --format.") }
    }

    func run() async throws {
        let connection = try await database.connectToSchema()
        if watch {
            let count = try await ProgressDisplay(run: run).follow(on: connection)
            if let run, count == 0 { throw UnfinishedWork("there is no run \(run)") }
            if count == 0, output.effectiveFormat == .table {
                Terminal.standardOutput.write("No run is ready or running.\n")
            }
        } else {
            let count = try await output.print(
                Queries.runs(run: run, limit: limit),
                on: connection,
                emptyMessage: "No run."
            )
            if let run, count == 0 { throw UnfinishedWork("there is no run \(run)") }
        }
    }
}
