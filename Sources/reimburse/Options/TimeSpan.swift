import ArgumentParser

/// A length of time as people write it: `90`, `60s`, `5m` or `1h`; without a unit it is in seconds.
struct TimeSpan: ExpressibleByArgument {
    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]

    /// How long it is.
    let duration: Duration

    /// Reads an argument; `nil` for what is no length of time, or one below zero or beyond a day.
    init?(argument: String) {
        let unit = argument.last.flatMap { Self.units[$0] }
        guard let number = Double(unit == nil ? argument : String(argument.dropLast())) else { return nil }
        let seconds = number * (unit ?? 1)
        guard (0...86_400).contains(seconds) else { return nil }
        duration = .seconds(seconds)
    }
}
