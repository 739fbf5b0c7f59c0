import ArgumentParser
import PostgresClient

/// Imports what a bank sent.
struct BankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bank",
        abstract: "Imports what a bank sent: status reports (pain.002), statements and notifications (camt.053, .054).",
        discussion: """
            Prints what each message said and how much of it was matched; what a person has to look at is written to \
            standard error. A message that was imported before is that import again. Each file is a transaction of its \
            own: when one cannot be read, those before it stay imported.
            """
    )

    @Argument(help: "The files, as the bank made them.")
    var files: [String]

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let connection = try await database.connectToSchema()
        var imports: [Int64] = []
        for file in files {
            let message = try BankMessageFile(file)
            imports.append(try await connection.query(Queries.importBankMessage(message))[0].value("import_id"))
        }
        try await output.print(Queries.bankMessages(imports), on: connection)
        for exception in try await connection.query(Queries.openBankExceptions(imports)) {
            let line: String = try exception.value("line")
            Terminal.standardError.write("exception: " + line.escapingControls(isOnOneLine: true) + "\n")
        }
    }
}
