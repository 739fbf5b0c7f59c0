import CoreMetrics
import Synchronization

/// Keeps the metrics of the process, and writes them down in the text format of Prometheus.
///
/// Labels are the names of metrics as they are: dots are not translated. A timer is a histogram in seconds, a recorder
/// that does not aggregate is a gauge, one that does is a histogram of plain values.
public final class PrometheusFactory: MetricsFactory {
    private let families = Mutex<[String: Family]>([:])
    private let help: [String: String]

    /// Makes a factory without metrics.
    ///
    /// - Parameter help: What metrics are about, by name, for those who look at the text.
    public init(help: [String: String] = [:]) {
        self.help = help
    }

    /// All metrics in the text format of Prometheus, version 0.0.4.
    public var text: String {
        let families = families.withLock { $0 }
        return families.keys.sorted().map { name in
            let about = help[name].map { "# HELP \(name) \($0)\n" } ?? ""
            return about + (families[name]?.text(name) ?? "")
        }.joined()
    }

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, of: .counter)
    }

    /// A counter, as the other.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, of: .counter)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, of: .gauge)
    }

    /// A histogram where it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, of: aggregate ? .histogram : .gauge)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, of: .histogram)
    }

    /// Does nothing: what a process has counted stays until it ends.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing: what a process has counted stays until it ends.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Does nothing: what a process has counted stays until it ends.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing: what a process has counted stays until it ends.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing: what a process has counted stays until it ends.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series(_ name: String, _ labels: [(String, String)], of kind: Family.Kind) -> Series {
        let key = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        return families.withLock { families in
            if let known = families[name]?.series[key] { return known }
            let made = Series(isHistogram: kind == .histogram)
            families[name, default: Family(kind: kind)].series[key] = made
            return made
        }
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

/// The series of one name, each with labels of its own.
private struct Family {
    /// What Prometheus calls a type.
    enum Kind: String {
        case counter, gauge, histogram
    }

    let kind: Kind
    /// The series by their labels, as they are written.
    var series: [String: Series] = [:]

    func text(_ name: String) -> String {
        var text = "# TYPE \(name) \(kind.rawValue)\n"
        for labels in series.keys.sorted() {
            text += series[labels]?.text(name, labels) ?? ""
        }
        return text
    }
}
