#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is printed of a round, and appended to a file.
struct Report {
    let seed: UInt64
    let round: Int
    let outcome: Round.Outcome

    /// The kills of all kinds.
    var kills: Int { killsByKind.reduce(0) { $0 + $1.value } }

    private var killsByKind: [String: Int] {
        let pairs = outcome.tally.counts.filter { $0.key.hasPrefix("kill: ") }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0.key.dropFirst("kill: ".count)), $0.value) })
    }

    private var others: [String: Int] { outcome.tally.counts.filter { !$0.key.hasPrefix("kill: ") } }

    /// A line with the counts, and what became of runs and attempts below it.
    var text: String {
        """
        round \(round): \(outcome.tally.violations.count) violations, \(kills) kills in \(Int(outcome.seconds)) s\
         (\(Self.list(killsByKind)))
            \(Self.list(others))
            jobs: \(Self.list(outcome.jobs))
            attempts: \(Self.list(outcome.errors)); found lost after \(Self.spread(outcome.found))
        """
    }

    /// Appends a line of JSON to a file.
    func append(to path: String) throws {
        guard let file = fopen(path, "a") else { throw Failure(path: path) }
        defer { fclose(file) }
        let line = """
            {"seed": \(seed), "round": \(round), "seconds": \(outcome.seconds), "kills": \(kills), \
            "violations": \(outcome.tally.violations.count), "checks": \(outcome.checks), \
            "killed": \(Self.object(killsByKind)), "counts": \(Self.object(others)), \
            "jobs": \(Self.object(outcome.jobs)), "attempts": \(Self.object(outcome.errors)), \
            "found_lost_after": \(outcome.found)}

            """
        fputs(line, file)
    }

    /// The median and the longest of times in order.
    static func spread(_ seconds: [Double]) -> String {
        guard let last = seconds.last else { return "none" }
        let rounded = [seconds[seconds.count / 2], last].map { ($0 * 100).rounded() / 100 }
        return "median \(rounded[0]) s, longest \(rounded[1]) s (\(seconds.count))"
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func object(_ counts: [String: Int]) -> String {
        let members = counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
        return "{\(members.joined(separator: ", "))}"
    }

    /// A file that cannot be written.
    private struct Failure: Error {
        let path: String
    }
}
