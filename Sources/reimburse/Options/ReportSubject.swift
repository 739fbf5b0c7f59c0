import ArgumentParser

/// What a report is about.
enum ReportSubject: String, EnumerableFlag {
    case reimbursements
    case payments
    case skipped

    static func help(for value: ReportSubject) -> ArgumentHelp? {
        switch value {
        case .reimbursements: "What was reimbursed, and what became of it (the default without a run)."
        case .payments: "What was paid to vendors."
        case .skipped: "What runs of any kind left out, and why: customers, invoices and reimbursements."
        }
    }

    /// What a run of a kind is about.
    init(kind: String) {
        self = ["vendor_payment", "payment_reversal"].contains(kind) ? .payments : .reimbursements
    }
}
