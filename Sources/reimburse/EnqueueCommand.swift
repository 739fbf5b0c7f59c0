import ArgumentParser
import PostgresClient

/// Enqueues a run.
struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue",
        abstract: "Enqueues a reimbursement run for the workers, and prints its number."
    )

    @OptionGroup var choices: ReimbursementChoices

    @Option(help: "Split the customers over so many batches, each a transaction of its own.")
    var batches: Int?

    @Option(help: ArgumentHelp("The same key with the same choices is the same run, for ever.", valueName: "key"))
    var idempotencyKey: String?

    @Option(help: ArgumentHelp("Not before this moment.", valueName: "timestamp"))
    var runAt: String?

    @Option(help: "Lower numbers go first.")
    var priority: Int?

    @Option(help: "How often a batch may fail before it is given up.")
    var maxAttempts: Int?

    @Option(name: .shortAndLong, help: "The queue to put it into.")
    var queue: String?

    @Option(help: "What it is for, in your own words.")
    var description: String?

    @Flag(help: "Wait until the run is finished; exit with 1 unless it is completed.")
    var wait = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        let run: Int64 = try await connection.query(Queries.enqueue(arguments))[0].value("run_id")
        Terminal.standardOutput.write("\(run)\n")
        if wait { try await waitForEnd(of: run, on: connection) }
    }

    private var arguments: [NamedArgument] {
        choices.arguments
            + [
                NamedArgument("batches", batches),
                NamedArgument("idempotency_key", idempotencyKey),
                NamedArgument("run_at", runAt),
                NamedArgument("priority", priority),
                NamedArgument("max_attempts", maxAttempts),
                NamedArgument("queue", queue),
                NamedArgument("description", description),
            ].compactMap(\.self)
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

/// Work that the database has not done.
struct UnfinishedWork: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
