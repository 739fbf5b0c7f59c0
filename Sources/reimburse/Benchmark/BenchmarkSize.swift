import ArgumentParser

/// How large a benchmark is, as a factor on the sizes that fit into a few minutes.
struct BenchmarkSize: ExpressibleByArgument, CustomStringConvertible, Sendable {
    /// What the sizes are multiplied by.
    let factor: Double
    /// The size as it was given.
    let description: String

    /// Sizes that fit into a few minutes.
    static let small = BenchmarkSize(factor: 1, description: "small")

    private static let names = ["small": 1.0, "medium": 5.0, "large": 50.0]

    private init(factor: Double, description: String) {
        self.factor = factor
        self.description = description
    }

    /// Reads a name or a positive factor.
    init?(argument: String) {
        guard let factor = Self.names[argument] ?? Double(argument), factor > 0, factor <= 1000 else { return nil }
        self.init(factor: factor, description: argument)
    }
}
