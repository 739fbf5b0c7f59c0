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
                await carryOut(pass.jobs[0], logger: logger)
            } else {
                await carryOut(pass, logger: logger)
            }
        }
    }

    private func carryOut(_ job: ClaimedJob, logger: Logger) async {
        logger.info("job started")
        let started = ContinuousClock.now
        do {
            let queue = JobQueue(connection: try await connection.open(), lockTimeout: lockTimeout)
            _ = try await queue.execute(JobPass(jobs: [job]))
            logger.info("job completed", metadata: .seconds(ContinuousClock.now - started))
        } catch let error as PostgresError where error.sqlState == Self.attemptIsOver {
            logger.notice("the attempt is over, another one has taken its place")
        } catch {
            let failure = AttemptFailure(error)
            logger.warning(
                "attempt \(failure.kind.rawValue)",
                metadata: ["sqlstate": "\(failure.sqlState)", "error": "\(failure.message)"]
            )
            // Even a worker that is stopped at once says what became of its jobs.
            await Task { await report(failure, of: job, logger: logger) }.value
        }
    }

    /// Carries out several jobs in one transaction; when they cannot be, each is left to be carried out by itself, so
    /// that the one at fault is found and the others are done.
    private func carryOut(_ pass: JobPass, logger: Logger) async {
        logger.debug("pass started")
        let started = ContinuousClock.now
        do {
            let done = try await JobQueue(connection: connection.open(), lockTimeout: lockTimeout).execute(pass)
            let duration = ContinuousClock.now - started
            await passSize.adapt(to: pass.jobs.count, duration: duration)
            for job in pass.jobs {
                if done.contains(job.job) {
                    self.logger.info("job completed", metadata: job.metadata.merging(.seconds(duration)) { $1 })
                } else {
                    self.logger.debug("job put off, to be carried out by itself", metadata: job.metadata)
                }
            }
        } catch {
            let failure = AttemptFailure(error)
            logger.notice(
                "the jobs cannot be carried out together, each is left to be carried out by itself",
                metadata: ["sqlstate": "\(failure.sqlState)", "error": "\(failure.message)"]
            )
            await passSize.shrink()
            await Task { await release(pass, logger: logger) }.value
        }
    }

    /// Gives the jobs of a pass back, as often as the connection breaks meanwhile.
    private func release(_ pass: JobPass, logger: Logger) async {
        var backoff = Backoff()
        while true {
            do {
                try await JobQueue(connection: connection.open()).release(pass)
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

    /// Tells the database why an attempt ended, as often as the connection breaks meanwhile.
    private func report(_ failure: AttemptFailure, of job: ClaimedJob, logger: Logger) async {
        var backoff = Backoff()
        while true {
            do {
                switch try await JobQueue(connection: connection.open()).fail(job, because: failure) {
                case "completed": logger.notice("job completed, though the answer of its commit was lost")
                case let state?: logger.notice("job is \(state) after this attempt")
                case nil: logger.notice("the attempt is over, another one has taken its place")
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
