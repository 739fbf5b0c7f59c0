import ArgumentParser
import PostgresClient

/// What of a payment run's choices decides whether one invoice is paid.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct InvoiceSelection: ParsableArguments {
    @Option(help: ArgumentHelp("The payment date; today unless given.", valueName: "date"))
    var paymentDate: String?

    @Option(help: ArgumentHelp("Only invoices due up to this day; the payment date unless given.", valueName: "date"))
    var dueThrough: String?

    @Option(help: ArgumentHelp("The bank account to pay from, instead of the default one.", valueName: "account"))
    var bankAccount: String?

    @Option(
        help: ArgumentHelp(
            "One payment per invoice (the default), or one per vendor and currency.",
            valueName: "invoice|vendor"
        )
    )
    var payPer: String?

    @Option(help: ArgumentHelp("No payment is dated before this day.", valueName: "date"))
    var minimumPaymentDate: String?

    @Option(help: ArgumentHelp("Pay no more than this in all, in accounting currency.", valueName: "amount"))
    var maximumTotal: String?

    /// What was given, for the database.
    var arguments: [NamedArgument] {
        [
            NamedArgument("payment_date", paymentDate),
            NamedArgument("due_through", dueThrough),
            NamedArgument("bank_account", bankAccount),
            NamedArgument("pay_per", payPer),
            NamedArgument("minimum_payment_date", minimumPaymentDate),
            NamedArgument("maximum_total", maximumTotal),
        ].compactMap(\.self)
    }
}
