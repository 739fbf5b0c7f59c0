import PostgresClient
import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Worker processes on some books, as anybody would start them.
struct WorkerGroup {
    private let books: BenchmarkBooks
    private let processes: [ChildProcess]

    /// Starts workers that stay, and waits until they are idle.
    static func idle(_ count: Int, on books: BenchmarkBooks) async throws -> WorkerGroup {
        let group = try await WorkerGroup(count, on: books, options: [])
        try await group.waitUntilIdle()
        return group
    }

    /// Starts workers that carry out what is there, and waits until they have.
    static func drain(_ count: Int, on books: BenchmarkBooks) async throws {
        let group = try await WorkerGroup(count, on: books, options: ["--drain"])
        for process in group.processes {
            let status = await process.waitForExit()
            guard status == .exited(0) else { throw UnfinishedWork("a worker ended with \(status)") }
        }
    }

    private init(_ count: Int, on books: BenchmarkBooks, options: [String]) async throws {
        self.books = books
        let database = books.bench.cluster.connectionString(database: books.name)
        var processes: [ChildProcess] = []
        for _ in 0..<count {
            let arguments = ["worker", "--log-level", "error", "--database", database] + options
            let process = try ChildProcess(OwnExecutable.path, arguments)
            try await books.bench.cluster.adopt(process)
            processes.append(process)
        }
        self.processes = processes
    }

    /// Lets the workers finish, and waits until their sessions are gone: then their statistics are complete.
    func stop() async throws {
        for process in processes { process.send(signal: SIGTERM) }
        for process in processes { _ = await process.waitForExit() }
        try await books.bench.waitForSessions(in: books.name, toBe: 1)
    }

    /// The most memory that one of the processes has had, in bytes; `nil` where that cannot be found out.
    var peakMemory: Double? {
        processes.compactMap { ProcessMemory.peak(of: Int($0.identifier)) }.max()
    }

    /// The most memory that one of their sessions on the server has had, shared buffers that it touched among it.
    func peakMemoryOfSessions() async throws -> Double? {
        try await sessions().compactMap { ProcessMemory.peak(of: try $0.value("pid")) }.max()
    }

    /// Waits until every worker is connected, and no session has come or done anything for a while.
    private func waitUntilIdle() async throws {
        var last = 0
        var quiet = 0
        for _ in 0..<1500 {
            let sessions = try await sessions()
            let busy = try sessions.contains { try $0.value("is_busy") }
            quiet = sessions.count == last && !busy && sessions.count > processes.count ? quiet + 1 : 0
            if quiet == 10 { return }
            last = sessions.count
            try await Task.sleep(for: .milliseconds(20))
        }
        throw UnfinishedWork("the workers do not come to rest")
    }

    private func sessions() async throws -> PostgresRows {
        try await books.connection.query(
            """
            SELECT pid, state IS DISTINCT FROM 'idle' AS is_busy FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
        )
    }
}
