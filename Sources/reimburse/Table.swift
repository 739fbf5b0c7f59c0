import PostgresClient

/// Rows in aligned columns, numbers to the right.
struct Table {
    private let headings: [String]
    private let isNumeric: [Bool]
    private let rows: [[String]]

    /// A table of a query's rows, where NULL is an empty cell, and true and false are yes and no.
    init(_ result: PostgresRows) {
        let columns = result.columns
        headings = columns.map { $0.name.split(separator: "_").joined(separator: " ") }
        isNumeric = columns.map(\.isNumeric)
        rows = result.map { row in
            zip(row.texts, columns).map { text, column in
                guard let text else { return "" }
                if column.isBoolean { return text == "t" ? "yes" : "no" }
                return text.onOneLine
            }
        }
    }

    /// The table with its headings, each line with its end.
    var text: String {
        let widths = headings.indices.map { column in
            ([headings[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
        let rule = widths.map { String(repeating: "─", count: $0) }
        return ([headings, rule] + rows).map { line(of: $0, widths) + "\n" }.joined()
    }

    private func line(of cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            line += (column == 0 ? "" : "  ") + (isNumeric[column] ? padding + cell : cell + padding)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension String {
    /// The text without line breaks and other control characters, with which data could play tricks on a terminal.
    var onOneLine: String {
        String(map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
    }
}
