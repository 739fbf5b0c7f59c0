import PostgresClient

/// Shows how far runs are, until none is ready or running.
///
/// On a terminal the lines are drawn again in place, and below them stands what is worth knowing about the queues:
/// what is paused, why jobs wait, who works, and who blocks whom. Elsewhere a line is written whenever a run's line has
/// changed.
struct ProgressDisplay {
    /// The one run to show, or all that are unfinished.
    var run: Int64?

    private static let interval = Duration.milliseconds(200)
    /// How many times the runs are looked at for each look at the queues.
    private static let looksPerRound = 5

    /// Follows the runs.
    ///
    /// - Parameters:
    ///   - runs: Runs to show even if they are finished already.
    ///   - connection: A connection to the database.
    /// - Returns: How many runs were shown at the end.
    /// - Throws: ``/PostgresClient/PostgresError``, or `CancellationError` when the task was cancelled.
    @discardableResult
    func follow(_ runs: [Int64] = [], on connection: PostgresConnection) async throws -> Int {
        let terminal = Terminal.standardOutput
        var seen = runs
        var shown: [Int64: String] = [:]
        var drawn = 0
        var watched: [String] = []
        for look in 0... {
            let rows = try await connection.query(Queries.progress(of: seen, only: run))
            let runs = try rows.map(RunProgress.init)
            seen = runs.map(\.run)
            if terminal.isInteractive {
                if look % Self.looksPerRound == 0 {
                    watched = try await connection.query(Queries.watchedLines).map { try $0.value("line") }
                }
                let width = terminal.width
                let lines = runs.map { $0.bar(width: width) } + watched.map { String($0.onOneLine.prefix(width - 1)) }
                let cursor = drawn == 0 ? "" : "\u{1B}[\(drawn)A"
                terminal.write(cursor + lines.map { "\r\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[J")
                drawn = lines.count
            } else {
                for progress in runs where shown[progress.run] != progress.line {
                    shown[progress.run] = progress.line
                    terminal.write(progress.line + "\n")
                }
            }
            if !runs.contains(where: \.isUnfinished) { return runs.count }
            try await Task.sleep(for: Self.interval)
        }
        return seen.count
    }
}

/// How far a run is.
struct RunProgress {
    let run: Int64
    let isUnfinished: Bool
    private let title: String
    private let kind: String
    private let state: String
    private let percent: Int
    private let batches: String
    private let stepName: String?
    private let processed: Int64
    private let skipped: Int64
    private let error: String?

    init(_ row: PostgresRow) throws {
        run = try row.value("run_id")
        isUnfinished = try row.value("is_unfinished")
        title = "run \(run) \(try row.value("legal_entity_id", as: String.self))"
        kind = try row.value("kind", as: String.self).split(separator: "_").joined(separator: " ")
        state = try row.value("state")
        percent = try row.value("percent")
        batches = "\(try row.value("jobs_completed", as: Int.self))/\(try row.value("jobs", as: Int.self))"
        stepName = try row.optional("step_name")
        processed = try row.value("processed")
        skipped = try row.value("skipped")
        error = try row.optional("error")
    }

    /// The run on a line of a terminal.
    func bar(width: Int) -> String {
        let cells = 24
        let eighths = percent * cells * 8 / 100
        let blocks = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let filled = String(repeating: "█", count: eighths / 8) + blocks[eighths % 8]
        let bar = filled + String(repeating: "░", count: cells - filled.count)
        let name = title + String(repeating: " ", count: max(0, 14 - title.count))
        let number = String(repeating: " ", count: max(0, 3 - "\(percent)".count)) + "\(percent)%"
        return String("\(name)  \(bar) \(number)  \(summary)".prefix(width - 1))
    }

    /// The run on a line of a file.
    var line: String { "\(title)  \(percent)%  \(summary)" }

    private var summary: String {
        var parts = ["\(kind) \(state)", "\(batches) batches"]
        if isUnfinished {
            if let stepName { parts.append(stepName) }
        } else {
            parts.append("\(processed) processed, \(skipped) skipped")
        }
        if let error, state != "completed" { parts.append(error) }
        return parts.joined(separator: " · ").onOneLine
    }
}
