import Logging
import Metrics
import PostgresClient
import ServiceLifecycle

/// Looks now and then at the queues as a whole, for the metrics that no worker can count by itself.
///
/// It has a connection of its own and a bound on how long it may look, so that it costs the worker nothing.
public struct QueueObserver: Service {
    private let configuration: PostgresConfiguration
    private let queue: String
    private let interval: Duration
    private let logger: Logger

    /// Makes an observer.
    ///
    /// - Parameters:
    ///   - configuration: Where the database is.
    ///   - queue: A queue that is shown also while it has no jobs: that of the worker.
    ///   - interval: How often to look.
    ///   - logger: What it writes its log with.
    public init(
        _ configuration: PostgresConfiguration,
        queue: String,
        interval: Duration = .seconds(5),
        logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.interval = interval
        self.logger = logger
    }

    /// Looks until it is shut down.
    public func run() async {
        try? await cancelWhenGracefulShutdown {
            guard let connection = try? await ReconnectingConnection(configuration, logger: logger) else { return }
            var known = Set(["scheduled", "ready", "running"].map { [queue, $0] })
            while !Task.isCancelled {
                do {
                    try await observe(connection.open(), &known)
                } catch let error as PostgresError {
                    logger.debug("cannot look at the queues", metadata: .error(error))
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    private func observe(_ connection: PostgresConnection, _ known: inout Set<[String]>) async throws {
        var figures: [[String]: Double] = [:]
        var waits: [String: Double] = [:]
        for row in try await self.figures(on: connection) {
            let queue: String = try row.value("queue")
            figures[[queue, try row.value("state")]] = try row.value("jobs")
            if let wait: Double = try row.optional("oldest_ready_seconds") { waits[queue] = wait }
        }
        // What is no more is none.
        known.formUnion(figures.keys)
        for key in known {
            Gauge(label: "reimburse_jobs", dimensions: [("queue", key[0]), ("state", key[1])])
                .record(figures[key] ?? 0)
            Gauge(label: "reimburse_oldest_ready_seconds", dimensions: [("queue", key[0])]).record(waits[key[0]] ?? 0)
        }
        let age: Double? = try await connection.query(
            """
            SELECT extract(epoch FROM now() - min(xact_start))::double precision AS age
            FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )[0].optional("age")
        Gauge(label: "reimburse_oldest_transaction_seconds").record(age ?? 0)
    }

    private func figures(on connection: PostgresConnection) async throws -> PostgresRows {
        do {
            return try await connection.query(
                """
                BEGIN READ ONLY; SET LOCAL statement_timeout = '2s';
                SELECT queue, state, jobs::double precision, oldest_ready_seconds FROM reimbursement.queue_figures();
                COMMIT
                """
            )
        } catch {
            await connection.rollBack()
            throw error
        }
    }
}
