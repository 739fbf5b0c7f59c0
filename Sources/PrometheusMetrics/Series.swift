import CoreMetrics
import Synchronization

/// One metric with its labels: a number, or a histogram.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// The upper bounds of a histogram, from a one-customer run to a batch of hours; in seconds where it is a timer's.
    private static let bounds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
    ]

    private struct State {
        /// The number; of a histogram the sum of what was recorded.
        var value = 0.0
        /// How many values fell under each bound, and beyond the last.
        var counts: [UInt64]
    }

    private let state: Mutex<State>
    private let isHistogram: Bool

    init(isHistogram: Bool) {
        self.isHistogram = isHistogram
        state = Mutex(State(counts: isHistogram ? Array(repeating: 0, count: Self.bounds.count + 1) : []))
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) { state.withLock { $0.value += amount } }

    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }

    func reset() { state.withLock { $0.value = 0 } }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { state.withLock { $0.value = value } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard isHistogram else { return set(value) }
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock {
            $0.value += value
            $0.counts[bucket] += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    /// The lines of this series.
    func text(_ name: String, _ labels: String) -> String {
        let state = state.withLock { $0 }
        func line(_ name: String, _ labels: String, _ value: some CustomStringConvertible) -> String {
            labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
        }
        guard isHistogram else { return line(name, labels, state.value) }
        var text = ""
        var count: UInt64 = 0
        for (bucket, bound) in (Self.bounds.map { "\($0)" } + ["+Inf"]).enumerated() {
            count += state.counts[bucket]
            text += line("\(name)_bucket", (labels.isEmpty ? "" : "\(labels),") + "le=\"\(bound)\"", count)
        }
        return text + line("\(name)_sum", labels, state.value) + line("\(name)_count", labels, count)
    }
}
