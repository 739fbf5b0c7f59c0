import ArgumentParser
import PostgresClient

/// Pays vendor invoices.
struct PayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pay",
        abstract: "Enqueues a run that pays vendor invoices, or previews one, or prints its file for the bank.",
        usage: """
            reimburse pay --legal-entity <legal-entity> [<choices>] [<run options>]
            reimburse pay --preview --legal-entity <legal-entity> [<choices>] [--format <format>]
            reimburse pay --file <run> [--file-format <format>] [--bank-account <account>]
            reimburse pay --release <run> [--file-format <format>] [--bank-account <account>] [--reason <reason>]
            """,
        discussion: """
            The file goes to standard output byte for byte as it is kept in the database. It is there when the run is \
            completed, and the same however often it is asked for. --file is for reading it; who takes it to the bank \
            takes it with --release, which is written down, and needs a reason the second time.
            """
    )

    @Flag(help: "Show the invoices that the run would pay, and those that it would skip; do nothing.")
    var preview = false

    @Option(help: ArgumentHelp("Print the file for the bank of this run.", valueName: "run"))
    var file: Int64?

    @Option(help: ArgumentHelp("Take the file for the bank of this run to the bank, and print it.", valueName: "run"))
    var release: Int64?

    @Option(help: "Why a file that was released before is needed again; goes with --release.")
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "The file's format: pain.001.001.09 (the default), pain.001.001.03 or csv.",
            valueName: "format"
        )
    )
    var fileFormat: String?

    @Option(
        help: ArgumentHelp(
            "The bank account to pay from, instead of the default one of each currency; or whose file to print.",
            valueName: "account"
        )
    )
    var bankAccount: String?

    @OptionGroup(title: "Choices") var choices: VendorPaymentChoices
    @OptionGroup(title: "Run options") var runOptions: RunOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard file == nil || release == nil else { throw ValidationError("Give one of --file and --release.") }
        guard reason == nil || release != nil else { throw ValidationError("--reason goes with --release.") }
        if file != nil || release != nil {
            guard choices.arguments.isEmpty, runOptions.areLeftOut, !preview, output.format == nil else {
                throw ValidationError(
                    "With --file or --release there are --file-format, --bank-account and --database, no others."
                )
            }
            return
        }
        guard fileFormat == nil else { throw ValidationError("--file-format goes with --file or --release.") }
        guard choices.legalEntity != nil else {
            throw ValidationError("Missing expected argument '--legal-entity <legal-entity>'")
        }
        if preview {
            guard runOptions.areLeftOut else {
                throw ValidationError("A preview enqueues nothing: leave out the run options.")
            }
        } else {
            guard output.format == nil else { throw ValidationError("--format goes with --preview.") }
        }
    }

    func run() async throws {
        let connection = try await database.connectToSchema()
        let arguments = choices.arguments + [NamedArgument("bank_account", bankAccount)].compactMap(\.self)
        if let file {
            let query = Queries.paymentFile(of: file, format: fileFormat, bankAccount: bankAccount)
            Terminal.standardOutput.write(try await connection.query(query)[0].value("content", as: String.self))
        } else if let release {
            let query = Queries.releasePaymentFile(
                of: release,
                format: fileFormat,
                bankAccount: bankAccount,
                reason: reason
            )
            Terminal.standardOutput.write(try await connection.query(query)[0].value("content", as: String.self))
        } else if preview {
            let query = Queries.previewVendorPayment(arguments)
            try await output.print(query, on: connection, emptyMessage: "No invoice is due.")
        } else {
            try await runOptions.enqueue(Queries.enqueueVendorPayment(arguments + runOptions.arguments), on: connection)
        }
    }
}
