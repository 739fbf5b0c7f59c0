import ArgumentParser

/// What a reimbursement run selects in its legal entity, and how it posts that.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct ReimbursementSelection: ParsableArguments {
    @Option(help: ArgumentHelp("The posting date; the day of the run unless given.", valueName: "date"))
    var postingDate: String?

    @Flag(
        inversion: .prefixedNo,
        help: """
            One reimbursement per customer and currency (the default), or one for each receivable account and set of \
            dimensions too.
            """
    )
    var summarizeCustomer: Bool?

    @Flag(inversion: .prefixedNo, help: "Include customers with outstanding debit transactions.")
    var includeOpenDebits: Bool?

    @Flag(inversion: .prefixedNo, help: "Settle their debits first, and reimburse what is left.")
    var netOpenDebits: Bool?

    @Option(help: ArgumentHelp("Which customers, such as 'US-001..US-020, !US-013'.", valueName: "filter"))
    var customerFilter: String?

    @Option(help: ArgumentHelp("Which customer groups, in the same syntax.", valueName: "filter"))
    var customerGroupFilter: String?

    @Option(help: "Only credits in this currency.")
    var currency: String?

    @Option(help: ArgumentHelp("Only credits dated up to this day; the posting date unless given.", valueName: "date"))
    var creditsThrough: String?

    @Option(
        help: ArgumentHelp(
            "When invoices are due, in days after the posting date; by the vendor's terms unless given.",
            valueName: "days"
        )
    )
    var dueInDays: Int?

    /// What was given, for the database.
    var arguments: [NamedArgument] {
        [
            NamedArgument("posting_date", postingDate),
            NamedArgument("summarize_customer", summarizeCustomer),
            NamedArgument("include_open_debits", includeOpenDebits),
            NamedArgument("net_open_debits", netOpenDebits),
            NamedArgument("customer_filter", customerFilter),
            NamedArgument("customer_group_filter", customerGroupFilter),
            NamedArgument("currency", currency),
            NamedArgument("credits_through", creditsThrough),
            NamedArgument("due_in_days", dueInDays),
        ].compactMap(\.self)
    }
}
