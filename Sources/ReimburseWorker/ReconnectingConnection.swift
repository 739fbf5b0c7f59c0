import Logging
import PostgresClient
import ServiceLifecycle

/// A connection that is made anew whenever it has broken. One task uses it.
actor ReconnectingConnection {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private var current: PostgresConnection

    /// Connects for the first time, when an error means that something is wrong with how the worker was started.
    ///
    /// - Throws: ``/PostgresClient/PostgresError``.
    init(_ configuration: PostgresConfiguration, logger: Logger) async throws {
        self.configuration = configuration
        self.logger = logger
        current = try await Self.connectFirst(configuration, logger: logger)
    }

    /// Connects for the first time: waits for a server that is starting, or has too many connections, and for nothing
    /// else.
    ///
    /// - Throws: ``/PostgresClient/PostgresError``, or `CancellationError` when the worker is shutting down.
    static func connectFirst(_ configuration: PostgresConfiguration, logger: Logger) async throws -> PostgresConnection
    {
        var backoff = Backoff()
        while true {
            do {
                return try await .connect(configuration)
            } catch let error as PostgresError where [.cannotConnectNow, .tooManyConnections].contains(error.sqlState) {
                let wait = backoff.next()
                logger.warning(
                    "the server takes no connection yet, trying again",
                    metadata: .error(error).merging(.seconds(wait)) { $1 }
                )
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
            }
        }
    }

    /// An open connection, however long the server takes to come back.
    ///
    /// - Throws: `CancellationError` when the worker is shutting down and a last try was in vain.
    func open() async throws -> PostgresConnection {
        if await current.isOpen { return current }
        return try await cancelWhenGracefulShutdown { try await self.reconnect() }
    }

    /// Whether the connection can be used as it is.
    var isOpen: Bool { get async { await current.isOpen } }

    /// Ends the session; a statement that runs ends with SQLSTATE 08006.
    func close() async { await current.close() }

    private func reconnect() async throws -> PostgresConnection {
        var backoff = Backoff()
        while true {
            do {
                current = try await .connect(configuration)
                logger.info("connected again")
                return current
            } catch let error as PostgresError {
                let wait = backoff.next()
                logger.warning("cannot connect, trying again", metadata: .error(error).merging(.seconds(wait)) { $1 })
                try await Task.sleep(for: wait)
            }
        }
    }
}
