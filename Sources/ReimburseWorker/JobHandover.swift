/// Where idle slots wait for the jobs that are claimed for them.
actor JobHandover {
    private var waiting: [CheckedContinuation<ClaimedJob?, Never>] = []
    private var isClosed = false
    private let slotBecameIdle: @Sendable () -> Void

    /// Makes a place where nobody waits yet.
    ///
    /// - Parameter slotBecameIdle: Called whenever a slot begins to wait.
    init(slotBecameIdle: @escaping @Sendable () -> Void) {
        self.slotBecameIdle = slotBecameIdle
    }

    /// How many slots wait.
    var idleSlots: Int { waiting.count }

    /// Waits for a job.
    ///
    /// - Returns: The job, or `nil` when there will be none any more.
    func nextJob() async -> ClaimedJob? {
        guard !isClosed else { return nil }
        slotBecameIdle()
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// Gives each job to a slot that waits; there are no more jobs than such slots.
    func give(_ jobs: [ClaimedJob]) {
        for job in jobs { waiting.removeFirst().resume(returning: job) }
    }

    /// Sends the slots home.
    func close() {
        isClosed = true
        for slot in waiting { slot.resume(returning: nil) }
        waiting = []
    }
}
