#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A PostgreSQL server of one's own, on a Unix socket in a temporary folder.
///
/// It is gone, folder and all, when ``stop()`` is called or when this process ends, however it ends. The superuser is
/// `postgres`, without a password: nobody else can enter the folder. Unless told otherwise it syncs nothing to disk, so
/// the data is worth as much as the process.
public actor PrivateCluster {
    /// The folder of the socket, the log and, in `data`, the data.
    public nonisolated let folder: String
    private let orders: Int32
    private let answers: LineReader
    private let watchdog: ChildProcess
    private var isStopped = false

    private init(folder: String, orders: Int32, answers: LineReader, watchdog: ChildProcess) {
        self.folder = folder
        self.orders = orders
        self.answers = answers
        self.watchdog = watchdog
    }

    deinit {
        if !isStopped { close(orders) }
    }

    /// Makes and starts a server.
    ///
    /// - Parameters:
    ///   - settings: What it is started with.
    ///   - parent: The folder that its own folder is made in; a short path, as that of a socket has to be.
    /// - Returns: The running server.
    /// - Throws: ``PrivateClusterError`` when there is no PostgreSQL, or when it does not start.
    public static func start(_ settings: ServerSettings = .fast, in parent: String = "/tmp") async throws
        -> PrivateCluster
    {
        let input = try Pipe()
        let output = try Pipe()
        defer {
            close(input.readEnd)
            close(output.writeEnd)
        }
        // A watchdog that is gone must be an error here and not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        let watchdog = try ChildProcess(
            "/bin/sh",
            ["-c", WatchdogScript.text, "reimburse-postgres", settings.options, parent],
            standardInput: input.readEnd,
            standardOutput: output.writeEnd
        )
        let answers = LineReader(descriptor: output.readEnd)
        let answer = await answers.line() ?? ""
        guard answer.hasPrefix("ready ") else {
            close(input.writeEnd)
            let reason = answer.hasPrefix("failed ") ? String(answer.dropFirst("failed ".count)) : answer
            throw PrivateClusterError(message: ([reason] + (await answers.rest())).joined(separator: "\n"))
        }
        return PrivateCluster(
            folder: String(answer.dropFirst("ready ".count)),
            orders: input.writeEnd,
            answers: answers,
            watchdog: watchdog
        )
    }

    /// How to connect to one of its databases.
    ///
    /// - Parameter database: The name of the database.
    /// - Returns: A connection string.
    public nonisolated func connectionString(database: String = "postgres") -> String {
        "host=\(folder) port=5432 user=postgres dbname='\(database)'"
    }

    /// Stops the server and removes its folder.
    public func stop() async {
        guard !isStopped else { return }
        isStopped = true
        close(orders)
        _ = await watchdog.waitForExit()
    }

    /// Leaves the server to itself: it goes on when this process has ended.
    public func release() async throws {
        try await order("keep")
        await stop()
    }

    /// Has a process killed at the end of the server, or of this process, if it is still there.
    ///
    /// - Parameter process: A process that is of no use without the server.
    /// - Throws: ``PrivateClusterError``.
    public func adopt(_ process: ChildProcess) async throws {
        try await order("adopt \(process.identifier)")
    }

    /// Stops the server at once, as a crash would, and keeps its data.
    public func crash() async throws {
        try await order("stop")
    }

    /// Starts the server again after ``crash()``.
    public func restart() async throws {
        try await order("start")
    }

    private func order(_ order: String) async throws {
        let line = Array("\(order)\n".utf8)
        guard write(orders, line, line.count) == line.count, await answers.line() == "done 0" else {
            throw PrivateClusterError(message: "the private server does not obey: \(order)")
        }
    }
}

/// Why there is no private server.
public struct PrivateClusterError: Error, CustomStringConvertible {
    /// What went wrong.
    public let message: String

    /// What went wrong.
    public var description: String { message }
}
