/// Measures how long something takes.
enum Stopwatch {
    /// How long a piece of work takes, in milliseconds.
    static func milliseconds(_ work: () async throws -> Void) async rethrows -> Double {
        let started = ContinuousClock.now
        try await work()
        return milliseconds(since: started)
    }

    /// How long something has taken so far, in milliseconds.
    static func milliseconds(since started: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        return Double(seconds) * 1000 + Double(attoseconds) / 1e15
    }
}
