/// Where idle slots wait for the passes that are claimed for them.
actor JobHandover {
    private var waiting: [CheckedContinuation<JobPass?, Never>] = [] {
        didSet { WorkerMetrics.slots(busy: slots - waiting.count, idle: waiting.count) }
    }
    private let slots: Int
    private var isClosed = false
    private let slotBecameIdle: @Sendable () -> Void

    /// Makes a place where nobody waits yet.
    ///
    /// - Parameters:
    ///   - slots: How many slots there are.
    ///   - slotBecameIdle: Called whenever a slot begins to wait.
    init(slots: Int, slotBecameIdle: @escaping @Sendable () -> Void) {
        self.slots = slots
        self.slotBecameIdle = slotBecameIdle
    }

    /// What is carried out now, and how to stop it.
    private var running: [Int64: @Sendable () -> Void] = [:]

    /// The jobs that are carried out now.
    var runningJobs: [Int64] { Array(running.keys) }

    /// Says that a slot carries out a pass.
    ///
    /// - Parameters:
    ///   - pass: The pass.
    ///   - stop: Stops it.
    func began(_ pass: JobPass, stop: @escaping @Sendable () -> Void) {
        for job in pass.jobs { running[job.job] = stop }
    }

    /// Says that a pass has ended.
    func ended(_ pass: JobPass) {
        for job in pass.jobs { running[job.job] = nil }
    }

    /// Stops the passes of some jobs.
    func stop(_ jobs: Set<Int64>) {
        for job in jobs { running[job]?() }
    }

    /// How many slots wait.
    var idleSlots: Int { waiting.count }

    /// Waits for a pass.
    ///
    /// - Returns: The pass, or `nil` when there will be none any more.
    func nextPass() async -> JobPass? {
        guard !isClosed else { return nil }
        slotBecameIdle()
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// Gives each pass to a slot that waits; there are no more passes than such slots.
    func give(_ passes: [JobPass]) {
        for pass in passes { waiting.removeFirst().resume(returning: pass) }
    }

    /// Sends the slots home.
    func close() {
        isClosed = true
        for slot in waiting { slot.resume(returning: nil) }
        waiting = []
    }
}
