import Foundation
import PrivatePostgres
import TestSupport

/// The walk of the README: its shell commands, the last of which is psql, what is typed there, and what it answers.
///
/// An indented block is for the shell, a block of `sql` for psql, and a block of no language the table that psql
/// prints last for the block before.
struct ReadmeWalk {
    /// What is typed before and for psql.
    let commands: [String]
    /// What is typed in psql.
    let steps: [Step]

    /// A block that is typed in psql, and the table that is shown for it.
    struct Step {
        let lines: [String]
        var table: [String]?
    }

    /// What a walk left behind.
    struct Outcome {
        let status: ChildProcess.ExitStatus
        /// What psql printed, step by step, without white space at the ends of lines and blank lines at the end.
        let printed: [[String]]
        let errors: String
        /// The bank file that was written.
        let payments: String?
    }

    /// A README that is not written as this reads it.
    struct UnexpectedBlock: Error {
        let line: String
    }

    /// Reads a section of a README.
    init(_ readme: String, section: String) throws {
        var lines = readme.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        lines = lines.drop { $0 != "## \(section)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        var commands: [String] = []
        var steps: [Step] = []
        while let line = lines.popFirst() {
            if line.hasPrefix("    ") { commands.append(String(line.dropFirst(4))) }
            guard line.hasPrefix("```") else { continue }
            let block = Array(lines.prefix { $0 != "```" })
            lines = lines.dropFirst(block.count + 1)
            if line == "```sql" {
                steps.append(Step(lines: block))
            } else if line == "```", let last = steps.indices.last, steps[last].table == nil {
                steps[last].table = block.map(\.withoutTrailingSpace)
            } else {
                throw UnexpectedBlock(line: line)
            }
        }
        self.commands = commands
        self.steps = steps
    }

    /// Does as it says, with the command `reimburse` on the path and psql ending at the first error.
    func run(on cluster: PrivateCluster) async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reimburse-readme.\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ lines: [String], to name: String) throws {
            let text = lines.map { "\($0)\n" }.joined()
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        func read(_ name: String) -> String? {
            try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let endOfStep = "end of step \(UUID())"
        try write(commands, to: "commands")
        try write(steps.flatMap { $0.lines + ["\\echo '\(endOfStep)'"] }, to: "typed")
        try write(["\\set ON_ERROR_STOP on"], to: "psqlrc")
        let builds = URL(filePath: OwnExecutable.path).deletingLastPathComponent().path()
        // The psql of that server: an older one does not know the end of what it copies.
        let programs = ProcessInfo.processInfo.environment["POSTGRES_BIN"].map { "\($0):" } ?? ""
        let shell = try ChildProcess(
            "/bin/sh",
            ["-c", "cd \"$0\" && exec sh -e commands <typed >printed 2>errors", folder.path()],
            environment: [
                "PATH": "\(builds):\(programs)\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
                "PGHOST": cluster.folder, "PGPORT": "5432", "PGUSER": "postgres",
                "PSQLRC": folder.appending(path: "psqlrc").path(),
            ]
        )
        let status = await shell.waitForExit()
        let printed = (read("printed") ?? "").split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).withoutTrailingSpace }
            .split(separator: endOfStep, omittingEmptySubsequences: false)
            .map { Array($0.reversed().drop(while: \.isEmpty).reversed()) }
        return Outcome(
            status: status,
            printed: printed,
            errors: read("errors") ?? "",
            payments: read("payments.xml")
        )
    }
}

extension String {
    fileprivate var withoutTrailingSpace: String {
        String(reversed().drop(while: \.isWhitespace).reversed())
    }
}
