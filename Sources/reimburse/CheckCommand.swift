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
        let count = try await output.print(Queries.violations(legalEntity: legalEntity), on: connection)
        if count > 0 { throw ExitCode.failure }
        if output.effectiveFormat == .table { Terminal.standardOutput.write("The books are right.\n") }
    }
}
