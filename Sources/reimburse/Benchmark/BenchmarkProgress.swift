/// A line on a terminal that says what is being measured; nothing where nobody looks.
struct BenchmarkProgress: Sendable {
    private let terminal = Terminal.standardError
    private let started = ContinuousClock.now

    /// Says what comes now.
    func show(_ text: String) {
        guard terminal.isInteractive else { return }
        let seconds = Int(Stopwatch.milliseconds(since: started) / 1000)
        let line = "\(String(repeating: " ", count: max(4 - String(seconds).count, 0)))\(seconds) s  \(text)"
        terminal.write("\r\u{1B}[2K" + String(line.prefix(max(terminal.width - 1, 1))))
    }

    /// Removes the line.
    func clear() {
        if terminal.isInteractive { terminal.write("\r\u{1B}[2K") }
    }

    /// How long it has taken so far, in seconds.
    var seconds: Double { Stopwatch.milliseconds(since: started) / 1000 }
}
