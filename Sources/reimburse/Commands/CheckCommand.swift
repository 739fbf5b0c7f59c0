import ArgumentParser
import PostgresClient

/// Checks the books.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prints everything that is wrong with the books; exits with 1 if anything is."
    )

    @Option(name: .shortAndLong, help: "Only this legal entity.")
    var legalEntity: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        let violations = Queries.violations(legalEntity: legalEntity)
        let count = try await output.print(violations, on: connection, emptyMessage: "The books are right.")
        if count > 0 { throw ExitCode.failure }
    }
}
