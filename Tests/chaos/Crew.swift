import PrivatePostgres
import TestSupport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The workers of a round: whichever ends is followed by another.
actor Crew {
    private let database: TestDatabase
    private let tally: Tally
    private var members: [Int: Member] = [:]
    private var keepers: [Task<Void, Never>] = []
    private var isOpen = true

    /// The arguments of each worker.
    static let places: [[String]] = [
        ["--queue", "default", "--concurrency", "2"],
        ["--queue", "default", "--concurrency", "2", "--poll-only"],
        ["--queue", "night", "--concurrency", "2"],
    ]

    /// A worker that runs, and what was done to it.
    private struct Member {
        let run: CommandRun
        var signals: Set<Int32> = []
    }

    init(_ database: TestDatabase, tally: Tally) {
        self.database = database
        self.tally = tally
    }

    /// Fills all places, and keeps them filled.
    func start() {
        keepers = Self.places.indices.map { place in Task { await self.keep(place) } }
    }

    private func keep(_ place: Int) async {
        while isOpen {
            let options = ["--log-level", "info", "--log-format", "json"]
            guard let run = try? CommandRun(["worker"] + options + Self.places[place], database: database) else {
                return tally.violation("a worker cannot be started")
            }
            members[place] = Member(run: run)
            tally.count("workers")
            let outcome = await run.outcome()
            let signals = members.removeValue(forKey: place)?.signals ?? []
            judge(outcome, after: signals)
            // One that found no server is not started again a hundred times a second.
            if outcome.status == .exited(1) { try? await Task.sleep(for: .milliseconds(200)) }
        }
    }

    /// Sends a signal to the worker of a place, if there is one now.
    ///
    /// - Returns: The number of its process.
    @discardableResult
    func send(_ signal: Int32, to place: Int) -> Int32? {
        guard let member = members[place] else { return nil }
        members[place]?.signals.insert(signal)
        member.run.process.send(signal: signal)
        return member.run.process.identifier
    }

    /// Has all workers finish what they have and end; whoever does not hangs.
    func stop() async {
        isOpen = false
        for place in members.keys { send(SIGTERM, to: place) }
        let watch = Task {
            try await Task.sleep(for: .seconds(60))
            for place in members.keys {
                tally.violation("a worker has not ended a minute after SIGTERM")
                send(SIGKILL, to: place)
            }
        }
        for keeper in keepers { await keeper.value }
        watch.cancel()
    }

    /// The attempt that a line of the log says has completed its job.
    private static func completion(_ line: String) -> Tally.Attempt? {
        guard line.contains(#""message":"job completed"#),
            let job = line.firstMatch(of: /"job":"?(\d+)/).flatMap({ Int64($0.1) }),
            let attempt = line.firstMatch(of: /"attempt":"?(\d+)/).flatMap({ Int64($0.1) })
        else { return nil }
        return Tally.Attempt(job: job, attempt: attempt)
    }

    private func judge(_ outcome: CommandRun.Outcome, after signals: Set<Int32>) {
        tally.completed(outcome.errors.compactMap(Self.completion))
        for line in outcome.errors {
            guard line.hasPrefix("{"), !line.contains(#""level":"info""#) else { continue }
            if line.contains(#""level":"error""#) || line.contains(#""level":"critical""#) {
                tally.count("log errors")
                tally.remark("log: \(line)")
            } else if let message = line.firstMatch(of: /"message":"([^"]*)"/) {
                tally.count("log: \(message.1)")
            }
        }
        switch outcome.status {
        case .signalled(let signal) where signals.contains(signal): return
        case .exited(0) where signals.contains(SIGTERM): return
        // A worker that starts wants the server there.
        case .exited(1) where tally.isServerShaky || signals.contains(SIGTERM): tally.count("workers without a server")
        default:
            tally.violation("a worker ended by itself, \(outcome.status): \(outcome.errors.suffix(3))")
        }
    }
}
