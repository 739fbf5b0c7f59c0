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

    /// The attempts that slots have, from when they are given them until they have said what became of them.
    private var attempts: [Int64: Int] = [:]
    /// What is carried out now, by job and attempt.
    private var transfers: [Attempt: Transfer] = [:]

    private struct Attempt: Hashable {
        let job: Int64
        let attempt: Int
    }

    /// A transfer that is carried out, and how to end it.
    struct Transfer: Sendable {
        /// Has the server stop it.
        let stop: @Sendable () -> Void
        /// Waits for its answer no longer.
        let abandon: @Sendable () async -> Void
    }

    /// The jobs that slots have.
    var jobs: [Int64] { Array(attempts.keys) }

    /// The attempts that are carried out now.
    var running: [(job: Int64, attempt: Int)] {
        transfers.keys.map { ($0.job, $0.attempt) }
    }

    /// Says that a slot carries out a pass.
    func began(_ pass: JobPass, _ transfer: Transfer) {
        for job in pass.jobs { transfers[Attempt(job: job.job, attempt: job.attempt)] = transfer }
    }

    /// Says that a pass is no longer carried out.
    func stopped(_ pass: JobPass) {
        for job in pass.jobs { transfers[Attempt(job: job.job, attempt: job.attempt)] = nil }
    }

    /// Says that a slot has done with a pass.
    func ended(_ pass: JobPass) {
        for job in pass.jobs where attempts[job.job] == job.attempt { attempts[job.job] = nil }
    }

    /// Stops the passes of some jobs.
    func stop(_ jobs: Set<Int64>) {
        for (attempt, transfer) in transfers where jobs.contains(attempt.job) { transfer.stop() }
    }

    /// Waits no longer for the answers of some jobs' passes.
    func abandon(_ jobs: Set<Int64>) async {
        for (attempt, transfer) in transfers where jobs.contains(attempt.job) { await transfer.abandon() }
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
        for pass in passes {
            for job in pass.jobs { attempts[job.job] = job.attempt }
            waiting.removeFirst().resume(returning: pass)
        }
    }

    /// Sends the slots home.
    func close() {
        isClosed = true
        for slot in waiting { slot.resume(returning: nil) }
        waiting = []
    }
}
