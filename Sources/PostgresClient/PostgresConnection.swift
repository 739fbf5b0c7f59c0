import CLibPQ
import Dispatch

/// A session on a PostgreSQL server.
///
/// Statements are executed one at a time, first come, first served, however many tasks share the connection.
/// A connection that broke stays broken: ``isOpen`` says so, every further statement throws SQLSTATE 08003, and the
/// caller connects anew. The session ends with ``close()``, or with the last reference to the connection.
public actor PostgresConnection {
    /// The queue that the actor runs on, on which libpq may block.
    nonisolated let executor: DispatchQueueExecutor

    /// The queue that the actor runs on, for Swift's runtime.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var handle: ConnectionHandle?
    /// What begins every transaction.
    private var prelude: SQL?
    private var running: RunningStatement?
    var gate = FirstInFirstOutGate()
    private var lastTicket = 0
    var listeners: [Int: Listener] = [:]

    /// A statement that was sent and whose results are not all there.
    private struct RunningStatement {
        let ticket: Int
        let continuation: CheckedContinuation<[PostgresResult], any Error>
        var results: [PostgresResult] = []
        var isComplete = false
        /// Whether a cancel request is on its way to the server.
        var isCancelling = false
        /// Whether a cancel request was sent.
        var wasCancelled = false
    }

    /// Makes a connection that is not connected yet.
    init(executor: DispatchQueueExecutor) {
        self.executor = executor
    }

    isolated deinit {
        handle?.source.cancel()
    }

    /// Whether statements can be sent.
    public var isOpen: Bool { handle != nil }

    /// Whether a transaction is open, be it in order or failed.
    public var isInTransaction: Bool {
        guard let handle else { return false }
        let status = PQtransactionStatus(handle.connection)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// Executes a statement, or several in one message.
    ///
    /// Several statements without `BEGIN` of their own are one transaction. Cancelling the task cancels the statement
    /// on the server. A failed statement between `BEGIN` and `COMMIT` leaves the transaction open and failed:
    /// execute `ROLLBACK` before anything else.
    ///
    /// - Parameter sql: The statements.
    /// - Returns: The rows of the last statement that returned any.
    /// - Throws: ``PostgresError``; `CancellationError` when the task was cancelled before it took effect.
    @discardableResult
    public func query(_ sql: SQL) async throws -> PostgresRows {
        lastTicket += 1
        let ticket = lastTicket
        let results = try await withTaskCancellationHandler {
            try await enterGate(ticket: ticket)
            defer { gate.leave() }
            try Task.checkCancellation()
            return try await send(sql, ticket: ticket)
        } onCancel: {
            Task { await self.cancel(ticket: ticket) }
        }
        return results.last { $0.status == PGRES_TUPLES_OK }.map(PostgresRows.init(result:)) ?? .none
    }

    /// Executes statements as ``query(_:)`` does, and breaks the connection when there is no answer within some time.
    ///
    /// For statements that are always quick: then the server, or what is between, is as good as gone.
    ///
    /// - Parameters:
    ///   - sql: The statements.
    ///   - limit: How long to wait, the statements that wait for the connection before it included.
    /// - Returns: The rows of the last statement that returned any.
    /// - Throws: As ``query(_:)``; ``PostgresError`` with SQLSTATE 08006 when there was no answer.
    public func query(_ sql: SQL, within limit: Duration) async throws -> PostgresRows {
        let watch = Task {
            try await Task.sleep(for: limit)
            fail(
                with: PostgresError(
                    sqlState: .connectionFailure,
                    message: "the server did not answer within \(limit.components.seconds) seconds"
                )
            )
        }
        defer { watch.cancel() }
        return try await query(sql)
    }

    /// The process of the session that the server told of when it was connected to; a pooler tells its own.
    public var backendProcess: Int { handle.map { Int(PQbackendPID($0.connection)) } ?? 0 }

    /// Ends the session.
    ///
    /// A statement that runs ends with SQLSTATE 08006, and its transaction is rolled back.
    public func close() {
        fail(with: PostgresError(sqlState: .connectionFailure, message: "the connection was closed"))
    }

    /// Takes over what libpq connected, and begins to watch its socket; called once.
    func start(_ handle: ConnectionHandle, prelude: SQL?) {
        self.handle = handle
        self.prelude = prelude
        handle.source.setEventHandler { [weak self] in
            self?.assumeIsolated { $0.readInput() }
        }
        handle.source.resume()
    }

    private func send(_ sql: SQL, ticket: Int) async throws -> [PostgresResult] {
        guard let handle else {
            throw PostgresError(sqlState: .connectionDoesNotExist, message: "the connection is closed")
        }
        var text = try sql.text(escapedFor: handle.connection)
        // LISTEN and UNLISTEN look nothing up.
        let isSetting = text.hasPrefix("LISTEN ") || text.hasPrefix("UNLISTEN ")
        if let prelude, !isSetting, PQtransactionStatus(handle.connection) == PQTRANS_IDLE {
            text = try prelude.text(escapedFor: handle.connection) + "; " + text
        }
        return try await withCheckedThrowingContinuation { continuation in
            running = RunningStatement(ticket: ticket, continuation: continuation)
            if PQsendQuery(handle.connection, text) == 0 {
                failConnection()
            } else {
                // What arrived while the statement was being sent may have been read already.
                collectResults()
            }
        }
    }

    // MARK: - What arrives

    /// Reads everything that has arrived.
    ///
    /// A source fires once for data and hang-up together, so reading goes on until nothing is readable: the end of
    /// the stream is met here, or never. Results are taken at each turn, as libpq forgets the server's last words
    /// when it meets the end.
    private func readInput() {
        repeat {
            guard let handle else { return }
            let isAlive = handle.consumeInput()
            deliverNotifications(of: handle.connection)
            guard isAlive else { return failConnection() }
            collectResults()
        } while handle?.isReadable == true
    }

    /// Takes the results that are complete, and ends the statement with the last one.
    private func collectResults() {
        guard let handle, running?.isComplete == false else { return }
        while PQisBusy(handle.connection) == 0 {
            guard let result = PQgetResult(handle.connection) else {
                running?.isComplete = true
                finishStatement()
                return
            }
            let status = PQresultStatus(result)
            running?.results.append(PostgresResult(result))
            if [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) {
                fail(
                    with: PostgresError(
                        sqlState: .featureNotSupported,
                        message: "COPY from or to the client is not supported",
                        hint: "Use psql's \\copy."
                    )
                )
                return
            }
        }
    }

    /// Answers the caller, once the results are complete and no cancel request is on its way: one that arrived
    /// later would hit the next statement.
    private func finishStatement() {
        guard let statement = running, statement.isComplete, !statement.isCancelling else { return }
        running = nil
        guard let error = statement.results.lazy.compactMap(\.error).first else {
            statement.continuation.resume(returning: statement.results)
            return
        }
        if statement.wasCancelled && error.sqlState == .queryCanceled {
            statement.continuation.resume(throwing: CancellationError())
        } else {
            statement.continuation.resume(throwing: error)
        }
    }

    /// Gives up a connection that broke, with the server's own last words if it said any.
    private func failConnection() {
        guard let handle else { return }
        let reason = running?.results.lazy.compactMap(\.error).first
        let message = String(cString: PQerrorMessage(handle.connection)).trimmed
        fail(
            with: reason
                ?? PostgresError(
                    sqlState: .connectionFailure,
                    message: message.isEmpty ? "the connection to the server was lost" : message
                )
        )
    }

    private func fail(with error: PostgresError) {
        handle?.source.cancel()
        handle = nil
        for listener in listeners.values {
            listener.continuation.finish(throwing: error)
        }
        listeners = [:]
        if running?.isComplete == true {
            running?.isCancelling = false
            finishStatement()
        } else if let statement = running {
            running = nil
            statement.continuation.resume(throwing: error)
        }
    }

    // MARK: - Cancelling

    /// Cancels the statement with a ticket, wherever it is.
    private func cancel(ticket: Int) {
        gate.giveUp(ticket: ticket)
        requestCancel(ticket: ticket)
    }

    private func requestCancel(ticket: Int) {
        guard let handle, running?.ticket == ticket, running?.isComplete == false else { return }
        if running?.wasCancelled == false { giveUp(ticket: ticket, after: Self.patience) }
        running?.isCancelling = true
        running?.wasCancelled = true
        let queue = executor.queue
        DispatchQueue.global().async {
            handle.cancel()
            queue.async { self.assumeIsolated { $0.cancelWasSent(ticket: ticket) } }
        }
    }

    /// How long an answer to a cancel request is waited for.
    private static let patience = DispatchTimeInterval.seconds(10)

    /// Breaks the connection when a statement has still not ended after some time: nobody answers.
    ///
    /// What is between may go on acknowledging what is sent for ever.
    private func giveUp(ticket: Int, after time: DispatchTimeInterval) {
        executor.queue.asyncAfter(deadline: .now() + time) { [weak self] in
            self?.assumeIsolated { connection in
                guard connection.running?.ticket == ticket else { return }
                connection.fail(
                    with: PostgresError(
                        sqlState: .connectionFailure,
                        message: "the server did not answer, though the statement was cancelled"
                    )
                )
            }
        }
    }

    /// Goes on after a cancel request, and repeats it while the statement runs.
    ///
    /// The server forgets a request that it gets before it has read the statement.
    private func cancelWasSent(ticket: Int) {
        guard running?.ticket == ticket else { return }
        running?.isCancelling = false
        finishStatement()
        executor.queue.asyncAfter(deadline: .now() + .milliseconds(100)) { [weak self] in
            self?.assumeIsolated { $0.requestCancel(ticket: ticket) }
        }
    }
}
