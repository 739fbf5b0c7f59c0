import Logging
import PostgresClient
import ServiceLifecycle

/// Carries out one job after the other on a connection of its own.
struct Slot {
    private let connection: ReconnectingConnection
    private let logger: Logger

    /// The job is not running under this attempt: somebody else has it, or it has ended.
    private static let attemptIsOver = SQLState("RB019")

    /// Makes a slot, and connects it.
    ///
    /// - Throws: ``/PostgresClient/PostgresError``.
    init(_ configuration: PostgresConfiguration, logger: Logger) async throws {
        connection = try await ReconnectingConnection(configuration, logger: logger)
        self.logger = logger
    }

    /// Carries out the jobs that it is given, until there are no more.
    func work(on handover: JobHandover) async {
        while let job = await handover.nextJob() {
            var logger = logger
            for (key, value) in job.metadata { logger[metadataKey: key] = value }
            await carryOut(job, logger: logger)
        }
    }

    private func carryOut(_ job: ClaimedJob, logger: Logger) async {
        logger.info("job started")
        let started = ContinuousClock.now
        do {
            try await JobQueue(connection: connection.open()).execute(job)
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
