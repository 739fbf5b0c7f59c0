import ArgumentParser
import PostgresClient

/// How and when a run is carried out, whatever its kind, and whether to wait for it.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct RunOptions: ParsableArguments {
    @Option(help: "Split the run over so many batches, each a transaction of its own.")
    var batches: Int?

    @Option(help: ArgumentHelp("The same key with the same choices is the same run, for ever.", valueName: "key"))
    var idempotencyKey: String?

    @Option(help: ArgumentHelp("Not before this moment.", valueName: "timestamp"))
    var runAt: String?

    @Option(help: "Lower numbers go first.")
    var priority: Int?

    @Option(help: "How often a batch may fail before it is given up.")
    var maxAttempts: Int?

    @Option(
        help: ArgumentHelp("How long an attempt at a batch may take, such as '10 minutes'.", valueName: "interval")
    )
    var timeout: String?

    @Option(name: .shortAndLong, help: "The queue to put it into.")
    var queue: String?

    @Option(help: "What it is for, in your own words.")
    var description: String?

    @Flag(help: "Wait until the run is finished; exit with 1 unless it is completed.")
    var wait = false

    /// What was given, for the database.
    var arguments: [NamedArgument] {
        [
            NamedArgument("batches", batches),
            NamedArgument("idempotency_key", idempotencyKey),
            NamedArgument("run_at", runAt),
            NamedArgument("priority", priority),
            NamedArgument("max_attempts", maxAttempts),
            NamedArgument("timeout", timeout),
            NamedArgument("queue", queue),
            NamedArgument("description", description),
        ].compactMap(\.self)
    }

    /// Whether nothing was given: all that a command without a run can do with these options.
    var areLeftOut: Bool { arguments.isEmpty && !wait }

    /// Enqueues a run and prints its number; waits for its end when that was asked for.
    ///
    /// - Parameters:
    ///   - query: What enqueues it and returns `run_id`.
    ///   - connection: A connection to the database.
    /// - Throws: ``/PostgresClient/PostgresError``; ``UnfinishedWork`` when it waited and the run is not completed.
    func enqueue(_ query: SQL, on connection: PostgresConnection) async throws {
        let run: Int64 = try await connection.query(query)[0].value("run_id")
        Terminal.standardOutput.write("\(run)\n")
        if wait { try await waitForEnd(of: run, on: connection) }
    }

    private func waitForEnd(of run: Int64, on connection: PostgresConnection) async throws {
        while true {
            let row = try await connection.query(Queries.state(of: run))[0]
            if try row.value("is_finished", as: Bool.self) {
                let state: String = try row.value("state")
                if state == "completed" { return }
                let error: String? = try row.optional("error")
                throw UnfinishedWork("run \(run) is \(state)\(error.map { ": \($0)" } ?? "")")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }
}
