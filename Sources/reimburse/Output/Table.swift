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

    /// A table of texts, each row as long as the headings.
    init(headings: [String], isNumeric: [Bool], rows: [[String]]) {
        self.headings = headings
        self.isNumeric = isNumeric
        self.rows = rows
    }

    /// The table with its headings, each line with its end.
    var text: String {
        let widths = headings.indices.map { column in
            ([headings[column]] + rows.map { $0[column] }).map(\.width).max() ?? 0
        }
        let rule = widths.map { String(repeating: "─", count: $0) }
        return ([headings, rule] + rows).map { line(of: $0, widths) + "\n" }.joined()
    }

    private func line(of cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.width)
            line += (column == 0 ? "" : "  ") + (isNumeric[column] ? padding + cell : cell + padding)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension String {
    /// How many columns of a terminal the text takes: ideographs and the like take two.
    var width: Int { reduce(0) { $0 + ($1.isWide ? 2 : 1) } }

    /// The text without line breaks and other control characters, with which data could play tricks on a terminal.
    var onOneLine: String {
        String(map { $0.unicodeScalars.contains(where: \.isControl) ? " " : $0 })
    }

    /// The text with its control characters written as `\u{1B}`.
    ///
    /// They are what a terminal or a log would obey, and data may hold them.
    ///
    /// - Parameter isOnOneLine: Whether line feeds are written so too; else the lines after the first are set in, so that
    ///   none of them passes for a line of ours.
    /// - Returns: The text without controls.
    func escapingControls(isOnOneLine: Bool = true) -> String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n" where !isOnOneLine: result += "\n    "
            case "\n": result += "\\n"
            case "\t" where !isOnOneLine: result += "\t"
            case _ where scalar.isControl: result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether a terminal obeys it instead of showing it: controls, separators of lines, and what turns the direction of
    /// the text around it.
    var isControl: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: properties.generalCategory == .control
        }
    }
}

extension Character {
    /// Whether a terminal draws it over two columns, by the blocks of Unicode.
    fileprivate var isWide: Bool {
        guard let first = unicodeScalars.first?.value else { return false }
        return [
            0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
        ].contains { $0.contains(first) }
    }
}
