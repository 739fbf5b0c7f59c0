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

            Runs that wait for approval follow on a terminal, with who may give it and the digest of what they would \
            do; with --approvals these alone are printed, in any format.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this run.", valueName: "number"))
    var run: Int64?

    @Option(help: "How many runs to show, the latest first.")
    var limit = 20

    @Flag(name: .shortAndLong, help: "Follow what is unfinished until nothing is.")
    var watch = false

    @Flag(help: "Only the runs that wait for approval: for how many votes, whose they have, and who may vote.")
    var approvals = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("The limit is not negative.") }
        guard !watch || output.format == nil else { throw ValidationError("With --watch there is no --format.") }
        guard !watch || !approvals else { throw ValidationError("With --approvals there is no --watch.") }
    }

    func run() async throws {
        let connection = try await database.connectToSchema()
        if watch {
            let count = try await ProgressDisplay(run: run).follow(on: connection)
            if let run, count == 0 { throw UnfinishedWork("there is no run \(run)") }
            if count == 0, output.effectiveFormat == .table {
                Terminal.standardOutput.write("No run is ready or running.\n")
            }
        } else if approvals {
            try await output.print(
                Queries.pendingApprovals(run: run),
                on: connection,
                emptyMessage: "No run waits for approval."
            )
        } else {
            let count = try await output.print(
                Queries.runs(run: run, limit: limit),
                on: connection,
                emptyMessage: "No run."
            )
            if let run, count == 0 { throw UnfinishedWork("there is no run \(run)") }
            if output.effectiveFormat == .table { try await printPendingApprovals(on: connection) }
        }
    }

    /// Prints the runs that wait for approval, if there are any, below the others.
    private func printPendingApprovals(on connection: PostgresConnection) async throws {
        let pending = try await connection.query(Queries.pendingApprovals(run: run))
        guard !pending.isEmpty else { return }
        Terminal.standardOutput.write("\nWaiting for approval:\n\n" + Table(pending).text)
    }
}
