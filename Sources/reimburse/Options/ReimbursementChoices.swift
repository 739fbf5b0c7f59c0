import ArgumentParser

/// What a reimbursement run is about.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct ReimbursementChoices: ParsableArguments {
    @Option(name: .shortAndLong, help: "The legal entity.")
    var legalEntity: String

    @Option(help: ArgumentHelp("The posting date; today unless given.", valueName: "date"))
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

    /// What was given, for the database.
    var arguments: [NamedArgument] {
        [
            NamedArgument("legal_entity_id", legalEntity),
            NamedArgument("posting_date", postingDate),
            NamedArgument("summarize_customer", summarizeCustomer),
            NamedArgument("include_open_debits", includeOpenDebits),
            NamedArgument("net_open_debits", netOpenDebits),
            NamedArgument("customer_filter", customerFilter),
            NamedArgument("customer_group_filter", customerGroupFilter),
            NamedArgument("currency", currency),
            NamedArgument("credits_through", creditsThrough),
        ].compactMap(\.self)
    }
}
