import ArgumentParser

/// What a reimbursement run is about.
///
/// Only what is given is passed on, so that defaults and errors are the database's.
struct ReimbursementChoices: ParsableArguments {
    @Option(name: .shortAndLong, help: "The legal entity.")
    var legalEntity: String

    @OptionGroup var selection: ReimbursementSelection

    /// What was given, for the database.
    var arguments: [NamedArgument] {
        [NamedArgument("legal_entity_id", legalEntity)].compactMap(\.self) + selection.arguments
    }
}
