/// How much is measured.
struct BenchmarkPlan: Sendable {
    /// The size that was chosen.
    let size: BenchmarkSize
    /// How often everything is measured, control and subject in turn.
    let rounds: Int

    /// A number that grows with the size.
    ///
    /// - Parameters:
    ///   - small: The number at size small.
    ///   - smallest: What it never falls below.
    ///   - largest: What it never rises above.
    /// - Returns: The number.
    func count(_ small: Int, atLeast smallest: Int = 1, atMost largest: Int = .max) -> Int {
        min(max(Int((Double(small) * size.factor).rounded()), smallest), largest)
    }

    /// A number that shrinks with sizes below small and does not grow with those above.
    func fixedCount(_ small: Int, atLeast smallest: Int = 1) -> Int {
        count(small, atLeast: smallest, atMost: small)
    }
}
