import Logging
import PostgresClient
import ReimburseSchema
import ServiceLifecycle

/// Claims jobs for the slots of a worker, gives back those that other workers lost, and enqueues recurring runs.
struct Coordinator {
    private let configuration: WorkerConfiguration
    private let connection: ReconnectingConnection
    private let handover: JobHandover
    private let passSize: PassSize
    private let health: WorkerHealth
    private let logger: Logger

    /// Makes a coordinator of a connection of its own.
    init(
        _ configuration: WorkerConfiguration,
        connection: ReconnectingConnection,
        handover: JobHandover,
        passSize: PassSize,
        health: WorkerHealth,
        logger: Logger
    ) {
        self.configuration = configuration
        self.connection = connection
        self.handover = handover
        self.passSize = passSize
        self.health = health
        self.logger = logger
    }

    /// Works each time it is woken, until the worker shuts down or, when it is to drain the queue, has nothing to do.
    ///
    /// - Parameter wakeUps: Says when it is worth looking.
    /// - Throws: ``/PostgresClient/PostgresError`` for an error that trying again cannot mend.
    func work(wakeUps: AsyncStream<Void>) async throws {
        try await withGracefulShutdownHandler {
            try await turn(wakeUps)
        } onGracefulShutdown: {
            // Whatever it waits for, it waits no longer.
            Task {
                try await Task.sleep(for: Self.patience)
                await connection.close()
            }
        }
    }

    private func turn(_ wakeUps: AsyncStream<Void>) async throws {
        var backoff = Backoff()
        var nextRound = ContinuousClock.now
        // Every tick, and not whenever a slot becomes idle.
        var nextRescue = ContinuousClock.now
        var round = Round()
        for await _ in wakeUps.cancelOnGracefulShutdown() {
            health.isAlive()
            do {
                let queue = JobQueue(connection: try await connection.open())
                if ContinuousClock.now >= nextRound {
                    // Before, so that where one of these fails the next turn claims all the same.
                    nextRound = .now + configuration.pollInterval.jittered()
                    try await goRound(queue, &round)
                }
                if ContinuousClock.now >= nextRescue {
                    nextRescue = .now + configuration.pollInterval / 3
                    try await rescue(from: queue)
                }
                try await stopCancelled(in: queue)
                try await claim(from: queue)
                health.hasWorked()
                if configuration.drain, try await isDrained(queue) { return }
                backoff.reset()
            } catch is CancellationError {
                return
            } catch let error as PostgresError where !error.mayPass {
                // After a migration to a version of other functions, that is what is wrong.
                try await SchemaVersion.check(on: try await connection.open())
                throw error
            } catch let error as PostgresError {
                let wait = backoff.next()
                logger.warning("cannot claim, trying again", metadata: .error(error).merging(.seconds(wait)) { $1 })
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
            }
        }
    }

    /// What one round leaves for the next.
    private struct Round {
        /// The waits for a lock that have been reported and go on.
        var reported: Set<String> = []
        /// Since when the database has said of a job that its attempt is over, though its slot waits for an answer.
        var over: [Int64: ContinuousClock.Instant] = [:]
        /// When it is looked next after the partitions of jobs.
        var nextTending = ContinuousClock.now
    }

    /// Does what is to be done now and then.
    private func goRound(_ queue: JobQueue, _ round: inout Round) async throws {
        try await queue.checkSchema()
        let givenBack = try await queue.report(configuration, having: await handover.jobs)
        if givenBack > 0 {
            logger.notice("gave back jobs that were claimed without an answer", metadata: ["jobs": "\(givenBack)"])
        }
        try await enqueueDueRuns(to: queue)
        if ContinuousClock.now >= round.nextTending {
            round.nextTending = .now + Self.tendingInterval.jittered()
            try await tendJobs(of: queue)
        }
        round.reported = try await reportBlocked(from: queue, except: round.reported)
        try await abandon(in: queue, &round.over)
    }

    /// Waits no longer for an answer to a transfer that is long over: what is between may never bring it.
    private func abandon(in queue: JobQueue, _ since: inout [Int64: ContinuousClock.Instant]) async throws {
        let running = await handover.running
        let over = running.isEmpty ? [] : try await queue.over(running)
        since = since.filter { over.contains($0.key) }
        for job in over where since[job] == nil { since[job] = .now }
        let abandoned = Set(since.filter { ContinuousClock.now - $0.value > Self.patience }.keys)
        guard !abandoned.isEmpty else { return }
        logger.warning("no answer to a transfer that is over", metadata: ["jobs": "\(abandoned.sorted())"])
        await handover.abandon(abandoned)
    }

    /// How often it is looked after the partitions of jobs.
    private static let tendingInterval = Duration.seconds(10)

    /// How long the answer to a transfer may come after its end.
    private static let patience = Duration.seconds(10)

    /// While the slots finish what they have: says that the worker is there, and stops what is cancelled.
    func watch() async {
        while (try? await Task.sleep(for: .milliseconds(400))) != nil {
            do {
                let queue = JobQueue(connection: try await connection.open())
                _ = try await queue.report(configuration, having: await handover.jobs)
                try await stopCancelled(in: queue)
            } catch {
                logger.debug("cannot look at what runs, trying again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Takes the worker off the list of those that are there, also when it was stopped at once.
    func retire() async {
        await Task {
            guard await connection.isOpen, let connection = try? await connection.open() else { return }
            try? await JobQueue(connection: connection).retire(worker: configuration.name)
        }.value
    }

    /// Stops what has been cancelled meanwhile.
    ///
    /// The slot finds out, and says what became of the job.
    private func stopCancelled(in queue: JobQueue) async throws {
        let running = await handover.running
        guard !running.isEmpty else { return }
        let cancelled = try await queue.cancelled(running.map(\.job))
        guard !cancelled.isEmpty else { return }
        logger.notice("stopping what was cancelled", metadata: ["jobs": "\(cancelled.sorted())"])
        await handover.stop(cancelled)
    }

    private func claim(from queue: JobQueue) async throws {
        while case let slots = await handover.idleSlots, slots > 0 {
            let passes = try await queue.claim(
                worker: configuration.name,
                passes: slots,
                jobsPerPass: await passSize.jobs,
                queue: configuration.queue
            )
            await handover.give(passes)
            WorkerMetrics.claimed(passes)
            if passes.isEmpty { return }
        }
    }

    private func rescue(from queue: JobQueue) async throws {
        let rescued = try await queue.rescue()
        WorkerMetrics.rescued(rescued.count)
        for job in rescued {
            logger.warning("found an attempt that was lost", metadata: job.metadata)
        }
    }

    /// Enqueues the recurring runs whose time has come.
    ///
    /// What is wrong with one of them is no reason to stop working.
    private func enqueueDueRuns(to queue: JobQueue) async throws {
        do {
            let runs = try await queue.enqueueDueRuns()
            if runs > 0 { logger.info("enqueued recurring runs", metadata: ["runs": "\(runs)"]) }
        } catch let error as PostgresError where !error.isConnectionLost && error.sqlState != .adminShutdown {
            logger.error("cannot enqueue recurring runs", metadata: .error(error))
        }
    }

    /// Makes the next partition of jobs, and forgets old ones.
    ///
    /// That one cannot be made or dropped is no reason to stop working: there are some ahead, and enqueueing makes one too.
    private func tendJobs(of queue: JobQueue) async throws {
        do {
            let dropped = try await queue.tend()
            if dropped > 0 { logger.info("forgot jobs that ended long ago", metadata: ["partitions": "\(dropped)"]) }
        } catch let error as PostgresError where !error.isConnectionLost {
            logger.error("cannot tend the partitions of jobs", metadata: .error(error))
        }
    }

    /// Says once of each wait that a job of this worker is kept by somebody's lock, and by whose.
    ///
    /// - Returns: The waits that have been reported and go on.
    private func reportBlocked(from queue: JobQueue, except reported: Set<String>) async throws -> Set<String> {
        guard await handover.idleSlots < configuration.concurrency else { return [] }
        let blocked = try await queue.blocked(worker: configuration.name)
        for job in blocked where !reported.contains(job.identifier) {
            logger.warning("a job waits for a lock that another session has", metadata: job.metadata)
        }
        return Set(blocked.map(\.identifier))
    }

    private func isDrained(_ queue: JobQueue) async throws -> Bool {
        guard await handover.idleSlots == configuration.concurrency else { return false }
        return try await queue.isDrained(configuration.queue)
    }
}

extension PostgresError {
    /// Whether the error may pass by itself: a lost connection, a conflict, a lack of resources, an operator.
    fileprivate var mayPass: Bool {
        ["08", "40", "53", "55", "57", "58"].contains(sqlState.errorClass)
    }
}

extension Duration {
    /// The length of time, up to a quarter shorter or longer, so that workers do not march in step.
    func jittered() -> Duration { self * Double.random(in: 0.75...1.25) }
}
