import ArgumentParser
import PostgresClient

/// Resumes a queue that was paused.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resumes a queue that was paused, and wakes its workers."
    )

    @Argument(help: "The queue.")
    var queue: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        try await connection.query(Queries.resumeQueue(queue))
        print("queue \(queue) is open")
    }
}
