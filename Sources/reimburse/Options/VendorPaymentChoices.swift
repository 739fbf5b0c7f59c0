import ArgumentParser

/// What a vendor payment run is about, apart from the bank account that it pays from.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct VendorPaymentChoices: ParsableArguments {
    @Option(name: .shortAndLong, help: "The legal entity.")
    var legalEntity: String?

    @Option(help: ArgumentHelp("The payment date; today unless given.", valueName: "date"))
    var paymentDate: String?

    @Option(help: ArgumentHelp("Only invoices due up to this day; the payment date unless given.", valueName: "date"))
    var dueThrough: String?

    @Option(help: ArgumentHelp("Which vendors, such as 'US-101..US-120, !US-113'.", valueName: "filter"))
    var vendorFilter: String?

    @Option(help: "Only invoices in this currency.")
    var currency: String?

    @Option(help: ArgumentHelp("Only vendors with this method of payment.", valueName: "method"))
    var methodOfPayment: String?

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
            NamedArgument("legal_entity_id", legalEntity),
            NamedArgument("payment_date", paymentDate),
            NamedArgument("due_through", dueThrough),
            NamedArgument("vendor_filter", vendorFilter),
            NamedArgument("currency", currency),
            NamedArgument("method_of_payment", methodOfPayment),
            NamedArgument("pay_per", payPer),
            NamedArgument("minimum_payment_date", minimumPaymentDate),
            NamedArgument("maximum_total", maximumTotal),
        ].compactMap(\.self)
    }
}
