import PostgresClient

/// What a person gets to read of a message that the database sent along: a warning, for one.
struct NoticeReport {
    private let lines: [String]

    /// A report of a notice.
    init(_ notice: PostgresNotice) {
        lines =
            ["\(notice.severity.lowercased()): \(notice.message)"]
            + [notice.detail.map { "detail: \($0)" }, notice.hint.map { "hint: \($0)" }].compactMap(\.self)
    }

    /// Writes the report to standard error.
    func print() {
        for line in lines { Terminal.standardError.write(line.escapingControls(isOnOneLine: false) + "\n") }
    }
}
