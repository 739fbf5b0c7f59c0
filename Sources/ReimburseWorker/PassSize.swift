/// How many small jobs share a pass: as many as take some tens of milliseconds together.
///
/// A pass that took longer is followed by smaller ones, so that cancelling stays quick and the lock on the legal entity's
/// numbers is short; a full one that was quicker, by larger ones.
actor PassSize {
    /// How long a pass should take.
    private static let target = Duration.milliseconds(50)
    /// The most jobs that share one.
    private static let largest = 256

    /// How many jobs the next pass may have.
    private(set) var jobs = 16

    /// Takes into account how long a pass took.
    ///
    /// - Parameters:
    ///   - count: How many jobs it had.
    ///   - duration: From its beginning to its commit.
    func adapt(to count: Int, duration: Duration) {
        guard count > 1 else { return }
        let fitting = Int(min(Double(count) * (Self.target / duration), Double(Self.largest)))
        if count < jobs, fitting >= jobs { return }
        jobs = min(max(fitting, jobs / 2, 1), jobs * 2, Self.largest)
    }

    /// Makes the passes smaller after one that failed.
    func shrink() {
        jobs = max(jobs / 2, 1)
    }
}
