import ArgumentParser
import PostgresClient

/// Pauses a queue.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pauses a queue: no worker takes anything from it until it is resumed.",
        discussion: "What runs goes on to its end. Other queues are not touched."
    )

    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "Why; whoever looks at the queue reads it.")
    var reason: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        try await connection.query(Queries.pauseQueue(queue, reason: reason))
        print("queue \(queue) is paused")
    }
}
