import ArgumentParser
import Logging
import Metrics
import PrometheusMetrics
import ReimburseWorker
import ServiceLifecycle

/// Works on a queue.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Carries out the runs of a queue.",
        discussion: """
            Start as many workers as you like, on as many machines; each job is carried out once, whatever dies when. \
            The first SIGTERM or Ctrl-C lets the batches that run finish, within --stop-within if that is given; the \
            second cancels them, and they go back to the queue at no cost. The log goes to standard error.
            """
    )

    @Option(name: .shortAndLong, help: "How many batches to carry out at the same time.")
    var concurrency = 1

    @Option(name: .shortAndLong, help: "The queue to work on.")
    var queue = "default"

    @Flag(help: "End when no job is ready, running or waiting for its next attempt.")
    var drain = false

    @Option(
        help: ArgumentHelp(
            "How many seconds a job waits for a lock that another session has; 0 is for ever.",
            discussion: "Then the attempt fails and is tried again. The log and the view blocked_jobs name the session."
        )
    )
    var lockTimeout = 300

    @Option(
        help: ArgumentHelp(
            "How long the batches that run may take to finish once the worker is told to stop, as 60s, 5m or 1h.",
            discussion: "Then they are cancelled and go back to the queue at no cost. Without it, as long as it takes.",
            valueName: "time"
        )
    )
    var stopWithin: TimeSpan?

    @Option(help: "The form of the log: \(LogFormat.allValueStrings.joined(separator: " or ")).")
    var logFormat = LogFormat.text

    @Option(help: "What to log: \(Logger.Level.allValueStrings.joined(separator: ", ")).")
    var logLevel = Logger.Level.info

    @Flag(help: "Do not listen for new runs, only look for them: for a pooler in transaction mode.")
    var pollOnly = false

    @Option(help: "How often to look for runs without being told, in seconds.")
    var pollInterval = 1.0

    @Option(
        help: ArgumentHelp(
            "Serve /metrics, /live and /ready over HTTP on this address, as 127.0.0.1:9187.",
            valueName: "address:port"
        )
    )
    var metrics: MetricsAddress?

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard (0.05...3600).contains(pollInterval) else {
            throw ValidationError("The poll interval is from 0.05 to 3600 seconds.")
        }
        guard (1...100).contains(concurrency) else {
            throw ValidationError("The concurrency is a number from 1 to 100.")
        }
        guard (0...86_400).contains(lockTimeout) else {
            throw ValidationError("The lock timeout is a number of seconds from 0 to 86400.")
        }
    }

    func run() async throws {
        let logger = makeLogger()
        let health = WorkerHealth()
        var services: [any Service] = []
        if let metrics {
            let factory = PrometheusFactory(help: WorkerMetrics.help)
            MetricsSystem.bootstrap(factory)
            services.append(try await MetricsServer(metrics, health: health, text: { factory.text }))
            services.append(QueueObserver(database.configuration, queue: queue, logger: logger))
        }
        let worker = Worker(
            WorkerConfiguration(
                postgres: database.configuration,
                queue: queue,
                concurrency: concurrency,
                drain: drain,
                pollInterval: .seconds(pollInterval),
                listens: !pollOnly,
                lockTimeout: .seconds(lockTimeout),
                health: health
            ),
            logger: logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: worker,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup
                    )
                ] + services.map { .init(service: $0) },
                logger: Logger(label: "lifecycle", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        let work = Task { try await group.run() }
        let signals = StopSignals(
            first: {
                logger.info("stopping once the running batches are finished; once more to cancel them")
                Task {
                    await group.triggerGracefulShutdown()
                    guard let stopWithin else { return }
                    try await Task.sleep(for: stopWithin.duration)
                    logger.warning("cancelling the running batches, --stop-within is over")
                    work.cancel()
                }
            },
            second: {
                logger.warning("cancelling the running batches")
                work.cancel()
            }
        )
        defer { signals.stopHandling() }
        do {
            try await work.value
        } catch is CancellationError {
            throw ExitCode.failure
        }
    }

    private func makeLogger() -> Logger {
        var logger = Logger(label: "reimburse", factory: logFormat.handler)
        logger.logLevel = logLevel
        return logger
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
