import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is counted and noted while a round goes on.
final class Tally: Sendable {
    private let state = Mutex(State())

    /// An attempt of a job.
    struct Attempt: Sendable {
        let job: Int64
        let attempt: Int64
    }

    private struct State {
        var counts: [String: Int] = [:]
        var violations: [String] = []
        var remarks: [String] = []
        var runs: [Int64] = []
        var references: [String] = []
        var completed: [Attempt] = []
        var deaths: [String: Double] = [:]
        var lastCrash = -Double.infinity
    }

    /// Counts something that happened.
    func count(_ name: String, _ times: Int = 1) {
        state.withLock { $0.counts[name, default: 0] += times }
    }

    /// Notes what must not happen.
    func violation(_ text: String) {
        state.withLock { $0.violations.append(text) }
    }

    /// Notes what is worth a look.
    func remark(_ text: String) {
        state.withLock { $0.remarks.append(text) }
    }

    /// Notes what the server has said that it committed: from there on it has to be there.
    func committed(runs: [Int64] = [], reference: String? = nil) {
        state.withLock {
            $0.runs += runs
            if let reference { $0.references.append(reference) }
        }
    }

    /// Notes the attempts that a worker was told have completed their jobs.
    func completed(_ attempts: [Attempt]) {
        state.withLock { $0.completed += attempts }
    }

    /// Notes when a worker died.
    func died(_ worker: String) {
        state.withLock { $0.deaths[worker] = Self.now }
    }

    /// Notes that the server is being crashed, or has just been.
    func crashed() {
        state.withLock { $0.lastCrash = Self.now }
    }

    /// Whether the server may be away, or was within some seconds.
    var isServerShaky: Bool { state.withLock { Self.now - $0.lastCrash < 15 } }

    var counts: [String: Int] { state.withLock { $0.counts } }
    var violations: [String] { state.withLock { $0.violations } }
    var remarks: [String] { state.withLock { $0.remarks } }
    var runs: [Int64] { state.withLock { $0.runs } }
    var references: [String] { state.withLock { $0.references } }
    var completed: [Attempt] { state.withLock { $0.completed } }
    var deaths: [String: Double] { state.withLock { $0.deaths } }

    /// Seconds since 1970, by the clock that the server of this machine has too.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
