import Synchronization

/// Whether a worker is well, for whoever restarts workers or sends them work.
public final class WorkerHealth: Sendable {
    private struct Times {
        var alive = ContinuousClock.now
        var worked: ContinuousClock.Instant?
    }

    private let times = Mutex(Times())
    private let patience: Duration

    /// Makes the health of a worker that has only begun.
    ///
    /// - Parameter patience: How long a worker that is well may be silent; it looks at its queue every second.
    public init(patience: Duration = .seconds(30)) {
        self.patience = patience
    }

    /// Whether the worker goes round at all, with or without a database.
    ///
    /// If it does not, only a restart helps.
    public var isLive: Bool { times.withLock { ContinuousClock.now - $0.alive < patience } }

    /// Whether it has been able to look at its queue lately.
    public var isReady: Bool {
        times.withLock { times in times.worked.map { ContinuousClock.now - $0 < patience } ?? false }
    }

    /// Says that the worker goes round.
    func isAlive() { times.withLock { $0.alive = .now } }

    /// Says that the worker has looked at its queue.
    func hasWorked() { times.withLock { $0.worked = .now } }
}
