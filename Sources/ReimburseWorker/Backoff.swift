/// How long to wait before trying again: longer each time, up to a limit, and never exactly as long as others wait.
struct Backoff {
    /// The first wait.
    private static let first = Duration.milliseconds(100)
    /// The longest wait.
    private static let longest = Duration.seconds(10)

    private var limit = Self.first

    /// The next wait: between half of a limit that doubles each time and all of it.
    mutating func next() -> Duration {
        defer { limit = min(limit * 2, Self.longest) }
        return limit * Double.random(in: 0.5...1)
    }

    /// Begins anew, after something went well.
    mutating func reset() {
        limit = Self.first
    }
}
