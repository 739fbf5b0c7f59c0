import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is done when somebody presses Ctrl-C or sends SIGTERM: one thing at first, another when it is repeated, and
/// the third time the process ends, whatever it still waits for.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Begins to handle SIGINT and SIGTERM.
    ///
    /// - Parameters:
    ///   - first: What the first signal does, called on a queue of its own.
    ///   - second: What the second signal does.
    init(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        let count = Counter()
        sources = [SIGINT, SIGTERM].map { number in
            // Without this the signal would end the process before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                switch count.next() {
                case 1: first()
                case 2: second()
                default: exit(1)
                }
            }
            source.resume()
            return source
        }
    }

    /// Stops handling them: from now on they end the process.
    func stopHandling() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    /// Counts on the queue of the signals alone.
    private final class Counter: @unchecked Sendable {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}
