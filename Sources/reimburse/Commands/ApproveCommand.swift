import ArgumentParser
import PostgresClient

/// Approves a run that waits for approval.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approves a run that waits for approval, or shows what it would do.",
        usage: """
            reimburse approve <run> [--digest <digest>] [--note <note>]
            reimburse approve <run> --preview [--format <format>]
            """,
        discussion: """
            With --digest, which reimburse status prints, what has changed since it was looked at is not approved. \
            Prints how the run stands then. Nobody approves a run of his own.
            """
    )

    @Argument(help: "The run.")
    var run: Int64

    @Option(help: "The digest of what was looked at; left out, whatever the run would do now is approved.")
    var digest: String?

    @Option(help: "What is to be kept with the vote, in your own words.")
    var note: String?

    @Flag(help: "Show what the run would do, row by row; do nothing.")
    var preview = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if preview {
            guard digest == nil, note == nil else {
                throw ValidationError("A preview approves nothing: leave out --digest and --note.")
            }
        } else {
            guard output.format == nil else { throw ValidationError("--format goes with --preview.") }
        }
    }

    func run() async throws {
        let connection = try await database.connectToSchema()
        if preview {
            let message = "Run \(run) would do nothing."
            try await output.print(Queries.previewRun(run), on: connection, emptyMessage: message)
        } else {
            let arguments = [
                NamedArgument("run_id", run), NamedArgument("digest", digest), NamedArgument("note", note),
            ]
            try await connection.query(Queries.approveRun(arguments.compactMap(\.self)))
            try await VoteOutcome(run: run).print(on: connection)
        }
    }
}
