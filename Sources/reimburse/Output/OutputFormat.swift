import ArgumentParser
import PostgresClient

/// How rows are printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// Aligned columns for people.
    case table
    /// A line of names, then a line a row, the values separated by tabs.
    case plain
    /// An array of objects.
    case json
}

/// How rows are printed, as chosen on the command line.
struct OutputOptions: ParsableArguments {
    @Option(help: "How to print rows: table (on a terminal), plain (elsewhere, separated by tabs) or json.")
    var format: OutputFormat?

    init() {}

    /// Options as if a format had been chosen.
    init(format: OutputFormat) {
        self.format = format
    }

    /// The format that was chosen, or the one that suits whoever reads.
    var effectiveFormat: OutputFormat {
        format ?? (Terminal.standardOutput.isInteractive ? .table : .plain)
    }

    /// Executes a query and prints its rows.
    ///
    /// - Parameters:
    ///   - query: What to ask.
    ///   - connection: Whom to ask.
    ///   - emptyMessage: What a person reads instead of a table without rows.
    /// - Returns: How many rows there were.
    /// - Throws: ``/PostgresClient/PostgresError``.
    @discardableResult
    func print(_ query: SQL, on connection: PostgresConnection, emptyMessage: String? = nil) async throws -> Int {
        if effectiveFormat == .json {
            let row = try await connection.query(
                "SELECT count(*) AS count, coalesce(json_agg(r), '[]') AS json FROM (\(query)) AS r"
            )[0]
            Terminal.standardOutput.write(JSON.withoutControls(try row.value("json")) + "\n")
            return try row.value("count")
        }
        let rows = try await connection.query(query)
        if let emptyMessage, rows.isEmpty, effectiveFormat == .table {
            Terminal.standardOutput.write(emptyMessage + "\n")
        } else {
            Terminal.standardOutput.write(effectiveFormat == .table ? Table(rows).text : Self.plain(rows))
        }
        return rows.count
    }

    private static func plain(_ rows: PostgresRows) -> String {
        ([rows.columns.map(\.name)] + rows.map { $0.texts.map { escaped($0 ?? "") } })
            .map { $0.joined(separator: "\t") + "\n" }
            .joined()
    }

    /// A value without what would end it or its line, written as `COPY` writes it, and without what a terminal would obey.
    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            case _ where character.isControl:
                result += "\\u{" + String(character.value, radix: 16, uppercase: true) + "}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
