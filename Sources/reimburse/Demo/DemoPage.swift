import PostgresClient

/// What the demonstration prints on: standard output, with headings, and tables that are not too long.
struct DemoPage {
    /// Where rows are printed: as tables, whoever reads.
    let output = OutputOptions(format: .table)
    private let terminal = Terminal.standardOutput

    /// Begins something new.
    func heading(_ title: String, _ remark: String? = nil) {
        let bold = terminal.isStyled ? ("\u{1B}[1m", "\u{1B}[0m") : ("", "")
        say("\n\(bold.0)\(title)\(bold.1)\(remark.map { " · \($0)" } ?? "")\n")
    }

    /// Prints a line, or several.
    func say(_ text: String) {
        terminal.write(text + "\n")
    }

    /// Prints the rows of a query; of too many, the first ones and how many more there are.
    ///
    /// - Parameters:
    ///   - query: What to ask.
    ///   - connection: Whom to ask.
    ///   - limit: How many rows are not too many.
    ///   - shown: How many are printed when there are more than that; as many, unless given.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func show(
        _ query: SQL,
        on connection: PostgresConnection,
        rows limit: Int = 10,
        cutTo shown: Int? = nil
    ) async throws {
        let count: Int = try await connection.query("SELECT count(*) AS count FROM (\(query)) AS r")[0].value("count")
        let rows = count > limit ? shown ?? limit : limit
        try await output.print("\(query) LIMIT \(rows)", on: connection, emptyMessage: "None.")
        if count > rows { say("… and \(count - rows) more") }
    }

    /// Prints the first lines of an XML file, broken between its elements where they are too long.
    func excerpt(_ text: String, lines limit: Int, width: Int = 120) {
        let lines = text.split(separator: "\n")
        for line in lines.prefix(limit) {
            var printed = ""
            for piece in line.split(separator: "><", omittingEmptySubsequences: false).joined(separator: ">\n<")
                .split(separator: "\n")
            {
                if printed.count + piece.count > width, !printed.isEmpty {
                    say(printed)
                    printed = "    "
                }
                printed += piece
            }
            say(printed)
        }
        if lines.count > limit { say("… and \(lines.count - limit) more lines") }
    }
}
