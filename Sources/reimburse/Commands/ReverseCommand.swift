import ArgumentParser
import PostgresClient

/// Takes reimbursements or payments back.
struct ReverseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse",
        abstract: "Enqueues a run that takes reimbursements or payments back, or previews one.",
        usage: """
            reimburse reverse --legal-entity <legal-entity> --reason <reason> --reimbursement <number> ...
            reimburse reverse --legal-entity <legal-entity> --reason <reason> --run <run>
            reimburse reverse --legal-entity <legal-entity> --reason <reason> --payment <number> ... \
                [--return-code <code> | --not-sent]
            reimburse reverse --preview --legal-entity <legal-entity> \
                (--reimbursement <number> ... | --run <run> | --payment <number> ...)
            """,
        discussion: """
            A reimbursement that is paid cannot be reversed before its payment is. By number, what cannot be reversed \
            is an error; of a run, it is skipped and reported. Of a payment that is in a bank file it is said that it \
            came back, with the bank's code, or that it was never sent: otherwise it might be paid twice.
            """
    )

    @Option(name: .shortAndLong, help: "The legal entity.")
    var legalEntity: String

    @Option(help: "Why; it is kept with each reversal.")
    var reason: String?

    @Option(help: ArgumentHelp("A reimbursement to reverse; once for each.", valueName: "number"))
    var reimbursement: [String] = []

    @Option(help: ArgumentHelp("Reverse all reimbursements of this run.", valueName: "run"))
    var run: Int64?

    @Option(
        help: ArgumentHelp(
            "A payment to reverse, because it came back or was never sent; once for each.",
            valueName: "number"
        )
    )
    var payment: [String] = []

    @Option(
        help: ArgumentHelp("Why the bank sent the payments back, ISO 20022's code, such as AC04.", valueName: "code")
    )
    var returnCode: String?

    @Flag(help: "The payments were never sent to the bank.")
    var notSent = false

    @Option(help: ArgumentHelp("The posting date; today unless given.", valueName: "date"))
    var postingDate: String?

    @Flag(help: "Show what would be reversed, and what would be left alone or refused; do nothing.")
    var preview = false

    @OptionGroup(title: "Run options") var runOptions: RunOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard [!reimbursement.isEmpty, run != nil, !payment.isEmpty].filter(\.self).count == 1 else {
            throw ValidationError("Say what to reverse by one of --reimbursement, --run and --payment.")
        }
        guard !payment.isEmpty || (returnCode == nil && !notSent) else {
            throw ValidationError("--return-code and --not-sent go with --payment.")
        }
        if preview {
            guard runOptions.areLeftOut else {
                throw ValidationError("A preview enqueues nothing: leave out the run options.")
            }
        } else {
            guard reason != nil else { throw ValidationError("Missing expected argument '--reason <reason>'") }
            guard output.format == nil else { throw ValidationError("--format goes with --preview.") }
        }
    }

    func run() async throws {
        let connection = try await database.connectToSchema()
        if preview {
            let query =
                payment.isEmpty ? Queries.previewReversal(arguments) : Queries.previewPaymentReversal(arguments)
            try await output.print(query, on: connection)
        } else if payment.isEmpty {
            try await runOptions.enqueue(Queries.enqueueReversal(arguments + runOptions.arguments), on: connection)
        } else {
            let query = Queries.enqueuePaymentReversal(arguments + runOptions.arguments)
            try await runOptions.enqueue(query, on: connection)
        }
    }

    private var arguments: [NamedArgument] {
        [
            NamedArgument("legal_entity_id", legalEntity),
            NamedArgument("reason", reason),
            NamedArgument("reimbursement_numbers", reimbursement.isEmpty ? nil : reimbursement),
            NamedArgument("run_id", run),
            NamedArgument("payment_numbers", payment.isEmpty ? nil : payment),
            NamedArgument("posting_date", postingDate),
            NamedArgument("return_code", returnCode),
            NamedArgument("not_sent", notSent ? true : nil),
        ].compactMap(\.self)
    }
}
