import Logging
import PostgresClient
import ReimburseSchema
import ServiceLifecycle

/// Claims the jobs of a queue and has the database carry them out.
///
/// A graceful shutdown finishes the jobs that run and claims no more; cancelling the task cancels them on the server,
/// which takes them back for another attempt. The worker holds no state that matters: whatever dies when, the
/// database knows what has happened.
public struct Worker: Service {
    private let configuration: WorkerConfiguration
    private let logger: Logger

    /// Makes a worker.
    ///
    /// - Parameters:
    ///   - configuration: How it works.
    ///   - logger: What it writes its log with.
    public init(_ configuration: WorkerConfiguration, logger: Logger) {
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "worker"] = "\(configuration.name)"
        self.logger = logger
    }

    /// Works until it is shut down or, if it is to drain the queue, until there is nothing left to do.
    ///
    /// Once it has begun, it goes on through restarts of the server, however long they take.
    ///
    /// - Throws: ``/PostgresClient/PostgresError`` when it cannot connect at the beginning, though the server is up, or
    ///   when an error is beyond trying again, ``/ReimburseSchema/SchemaVersionError``, and `CancellationError` when it was
    ///   cancelled.
    public func run() async throws {
        try await checkSchema()
        let (wakeUps, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let handover = JobHandover(slots: configuration.concurrency) { wake.yield() }
        let passSize = PassSize()
        let coordinator = Coordinator(
            configuration,
            connection: try await ReconnectingConnection(configuration.postgres, logger: logger),
            handover: handover,
            passSize: passSize,
            health: configuration.health,
            logger: logger
        )
        var slots: [Slot] = []
        for _ in 0..<configuration.concurrency {
            slots.append(try await Slot(configuration, passSize: passSize, logger: logger))
        }
        logger.info(
            "worker started",
            metadata: ["queue": "\(configuration.queue)", "concurrency": "\(configuration.concurrency)"]
        )
        try await withThrowingTaskGroup(of: Void.self) { background in
            background.addTask { await tick(wake) }
            background.addTask { await watch(handover, wake) }
            if configuration.listens { background.addTask { await listen(wake) } }
            try await work(coordinator, slots, handover, wakeUps)
            background.cancelAll()
        }
        logger.info("worker stopped")
        try Task.checkCancellation()
    }

    /// Runs the coordinator to its end, then waits for the slots to finish what they have begun.
    private func work(
        _ coordinator: Coordinator,
        _ slots: [Slot],
        _ handover: JobHandover,
        _ wakeUps: AsyncStream<Void>
    ) async throws {
        try await withTaskGroup(of: Void.self) { group in
            for slot in slots {
                group.addTask { await slot.work(on: handover) }
            }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await coordinator.work(wakeUps: wakeUps))
            } catch {
                if !(error is CancellationError), await !handover.running.isEmpty {
                    logger.error("stopping once the running batches are finished", metadata: ["error": "\(error)"])
                }
                outcome = .failure(error)
            }
            await handover.close()
            let watch = Task { await coordinator.watch() }
            await group.waitForAll()
            watch.cancel()
            await watch.value
            await coordinator.retire()
            return outcome
        }.get()
    }

    /// Asks again when its session is ended meanwhile: a server that goes away is noticed at the next connection.
    private func checkSchema() async throws {
        while true {
            let connection = try await ReconnectingConnection.connectFirst(configuration.postgres, logger: logger)
            do {
                try await SchemaVersion.check(on: connection)
                return await connection.close()
            } catch let error as PostgresError where error.isConnectionLost || error.sqlState == .adminShutdown {
                logger.warning("lost the connection, asking again", metadata: .error(error))
            }
        }
    }

    /// Wakes the coordinator now and then, twice as often as runs are looked for, so that what was lost is found soon.
    private func tick(_ wake: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: configuration.pollInterval.jittered() / 2)) != nil {
            wake.yield()
        }
    }

    /// Wakes the coordinator often while something runs, so that what is cancelled stops within a second.
    private func watch(_ handover: JobHandover, _ wake: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: .milliseconds(400))) != nil {
            if await !handover.running.isEmpty { wake.yield() }
        }
    }

    /// Whether the session on the server is the one that was connected to: a pooler tells of its own.
    private static func isDirect(_ connection: PostgresConnection) async throws -> Bool {
        // Asked for first: of a connection that breaks after its answer nothing is known any more.
        let told = await connection.backendProcess
        let process: Int = try await connection.query("SELECT pg_catalog.pg_backend_pid() AS process")[0].value(
            "process"
        )
        return process == told || told == 0
    }

    /// Wakes the coordinator as soon as the queue says that it has something new.
    ///
    /// That only saves time. Where listening is impossible, as through a pooler, the worker does without.
    private func listen(_ wake: AsyncStream<Void>.Continuation) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let connection = try await PostgresConnection.connect(configuration.postgres)
                guard try await Self.isDirect(connection) else {
                    logger.warning("a pooler is in between: the worker polls, as with --poll-only")
                    return
                }
                let notifications = try await connection.listen(to: JobQueue.channel(of: configuration.queue))
                backoff.reset()
                wake.yield()
                WorkerMetrics.listening(true)
                defer { WorkerMetrics.listening(false) }
                for try await _ in notifications { wake.yield() }
            } catch let error as PostgresError {
                logger.debug("cannot listen, polling goes on", metadata: .error(error))
                try? await Task.sleep(for: backoff.next())
            } catch {
                return
            }
        }
    }
}
