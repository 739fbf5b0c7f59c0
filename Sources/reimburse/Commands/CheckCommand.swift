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

    @Option(help: "Only what this run wrote and what that touches: quick, however large the books are.")
    var run: Int64?

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        let violations = Queries.violations(legalEntity: legalEntity, run: run)
        let right = run.map { "What run \($0) wrote is right." } ?? "The books are right."
        let count = try await output.print(violations, on: connection, emptyMessage: right)
        if count > 0 { throw ExitCode.failure }
    }
}
