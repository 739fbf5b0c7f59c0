import Logging
import PostgresClient
import ServiceLifecycle

/// Carries out one pass after the other on a connection of its own.
struct Slot {
    private let connection: ReconnectingConnection
    private let passSize: PassSize
    private let lockTimeout: Duration
    private let logger: Logger

    /// The job is not running under this attempt: somebody else has it, or it has ended.
    private static let attemptIsOver = SQLState("RB019")

    /// Makes a slot, and connects it.
    ///
    /// - Throws: ``/PostgresClient/PostgresError``.
    init(_ configuration: WorkerConfiguration, passSize: PassSize, logger: Logger) async throws {
        connection = try await ReconnectingConnection(configuration.postgres, logger: logger)
        lockTimeout = configuration.lockTimeout
        self.passSize = passSize
        self.logger = logger
    }

    /// Carries out the passes that it is given, until there are no more.
    func work(on handover: JobHandover) async {
        while let pass = await handover.nextPass() {
            var logger = logger
            for (key, value) in pass.metadata { logger[metadataKey: key] = value }
            if pass.jobs.count == 1 {
                await carryOut(pass.jobs[0], on: handover, logger: logger)
            } else {
                await carryOut(pass, on: handover, logger: logger)
            }
            await handover.ended(pass)
        }
    }

    /// Has the database carry out a pass, in a task that the coordinator can cancel when the pass is to be stopped.
    private func execute(_ pass: JobPass, on handover: JobHandover) async throws -> Set<Int64> {
        let transfer = Task {
            try await JobQueue(connection: connection.open(), lockTimeout: lockTimeout).execute(pass)
        }
        await handover.began(
            pass,
            JobHandover.Transfer(stop: { transfer.cancel() }, abandon: { await connection.close() })
        )
        let outcome = await withTaskCancellationHandler {
            await transfer.result
        } onCancel: {
            transfer.cancel()
        }
        await handover.stopped(pass)
        return try outcome.get()
    }

    private func carryOut(_ job: ClaimedJob, on handover: JobHandover, logger: Logger) async {
        logger.info("job started")
        let started = ContinuousClock.now
        do {
            _ = try await execute(JobPass(jobs: [job]), on: handover)
            WorkerMetrics.ended(job, outcome: "completed", after: ContinuousClock.now - started)
            logger.info("job completed", metadata: .seconds(ContinuousClock.now - started))
        } catch let error as PostgresError where error.sqlState == Self.attemptIsOver {
            logger.notice("the attempt is over, another one has taken its place")
        } catch is CancellationError {
            await giveBack(JobPass(jobs: [job]), logger: logger)
        } catch {
            let failure = AttemptFailure(error, timeout: job.timeout)
            WorkerMetrics.ended(
                job,
                outcome: failure.kind.rawValue,
                sqlState: failure.sqlState,
                after: ContinuousClock.now - started
            )
            logger.warning(
                "attempt \(failure.kind.rawValue)",
                metadata: ["sqlstate": "\(failure.sqlState)", "error": "\(failure.message)"]
            )
            // Even a worker that is stopped at once says what became of its jobs.
            await Task { await report(failure, of: JobPass(jobs: [job]), logger: logger) }.value
        }
    }

    /// Carries out several jobs in one transaction.
    ///
    /// When they cannot be, each is left to be carried out by itself, so that the one at fault is found and the others
    /// are done. When the connection breaks, each of them is lost: then none is carried out beside another that may have
    /// been the cause.
    private func carryOut(_ pass: JobPass, on handover: JobHandover, logger: Logger) async {
        logger.debug("pass started")
        let started = ContinuousClock.now
        do {
            let done = try await execute(pass, on: handover)
            let duration = ContinuousClock.now - started
            await passSize.adapt(to: pass.jobs.count, duration: duration)
            for job in pass.jobs {
                if done.contains(job.job) {
                    WorkerMetrics.ended(job, outcome: "completed", after: duration)
                    self.logger.info("job completed", metadata: job.metadata.merging(.seconds(duration)) { $1 })
                } else {
                    self.logger.debug("job put off, to be carried out by itself", metadata: job.metadata)
                }
            }
        } catch is CancellationError {
            await giveBack(pass, logger: logger)
        } catch {
            let failure = AttemptFailure(error)
            let cause: Logger.Metadata = ["sqlstate": "\(failure.sqlState)", "error": "\(failure.message)"]
            await passSize.shrink()
            switch failure.kind {
            case .lost:
                for job in pass.jobs {
                    WorkerMetrics.ended(
                        job,
                        outcome: "lost",
                        sqlState: failure.sqlState,
                        after: ContinuousClock.now - started
                    )
                }
                logger.warning("pass lost", metadata: cause)
                await Task { await report(failure, of: pass, logger: self.logger) }.value
            case .failed:
                logger.notice(
                    "the jobs cannot be carried out together, each is left to be carried out by itself",
                    metadata: cause
                )
                await Task { await release(pass, logger: logger) }.value
            }
        }
    }

    /// Gives the jobs of a pass back that was stopped, at no cost: even a worker that is stopped at once does so.
    ///
    /// Those of a run that is to be cancelled end cancelled.
    private func giveBack(_ pass: JobPass, logger: Logger) async {
        logger.notice("stopped, nothing of it is kept")
        await Task { await release(pass, mayShare: true, logger: logger) }.value
    }

    /// Gives the jobs of a pass back, as often as the connection breaks meanwhile.
    private func release(_ pass: JobPass, mayShare: Bool = false, logger: Logger) async {
        var backoff = Backoff()
        while true {
            do {
                try await JobQueue(connection: connection.open()).release(pass, mayShare: mayShare)
                return
            } catch let error as PostgresError where error.isConnectionLost || error.sqlState == .adminShutdown {
                logger.warning("lost the connection, asking again", metadata: .error(error))
                guard !Task.isShuttingDownGracefully else { return }
                try? await Task.sleep(for: backoff.next())
            } catch {
                logger.error(
                    "cannot give the jobs back; they will be found to be lost",
                    metadata: ["error": "\(error)"]
                )
                return
            }
        }
    }

    /// Tells the database why the attempts of a pass ended, as often as the connection breaks meanwhile.
    private func report(_ failure: AttemptFailure, of pass: JobPass, logger: Logger) async {
        var backoff = Backoff()
        while true {
            do {
                let states = try await JobQueue(connection: connection.open()).fail(pass, because: failure)
                for (job, state) in zip(pass.jobs, states) {
                    switch state {
                    case "completed":
                        logger.notice("job completed, though the answer of its commit was lost", metadata: job.metadata)
                    case let state?: logger.notice("job is \(state) after this attempt", metadata: job.metadata)
                    case nil:
                        logger.notice("the attempt is over, another one has taken its place", metadata: job.metadata)
                    }
                }
                return
            } catch let error as PostgresError where error.isConnectionLost || error.sqlState == .adminShutdown {
                logger.warning("lost the connection, asking again", metadata: .error(error))
                guard !Task.isShuttingDownGracefully else { return }
                try? await Task.sleep(for: backoff.next())
            } catch {
                logger.error("cannot report the attempt; it will be found to be lost", metadata: ["error": "\(error)"])
                return
            }
        }
    }
}
