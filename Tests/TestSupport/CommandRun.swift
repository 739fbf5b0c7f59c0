import PrivatePostgres
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A run of the command `reimburse`, as the build made it beside the tests.
public final class CommandRun: Sendable {
    /// The process, to send signals to.
    public let process: ChildProcess
    private let lines: Lines
    private let output: Task<Void, Never>
    private let errors: Task<[String], Never>

    /// How a run ended, and what it wrote.
    public struct Outcome: Sendable {
        /// How it ended.
        public let status: ChildProcess.ExitStatus
        /// The lines of standard output.
        public let output: [String]
        /// The lines of standard error.
        public let errors: [String]
    }

    /// Starts the command.
    public convenience init(_ arguments: String..., database: TestDatabase?) throws {
        try self.init(arguments, database: database)
    }

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - arguments: The arguments.
    ///   - database: The database to name in a further argument.
    ///   - environment: Variables that it gets besides.
    ///   - file: A file for standard output, whose lines are not collected then.
    /// - Throws: What kept it from starting.
    public init(
        _ arguments: [String],
        database: TestDatabase?,
        environment: [String: String] = [:],
        outputTo file: String? = nil
    ) throws {
        let output = try Pipe()
        let errors = try Pipe()
        let target = file.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
        defer {
            close(output.writeEnd)
            close(errors.writeEnd)
            target.map { _ = close($0) }
        }
        let folder = OwnExecutable.path.split(separator: "/").dropLast().joined(separator: "/")
        process = try ChildProcess(
            "/\(folder)/reimburse",
            arguments + (database.map { ["--database", $0.connectionString] } ?? []),
            environment: environment,
            standardOutput: target ?? output.writeEnd,
            standardError: errors.writeEnd
        )
        let lines = Lines()
        self.lines = lines
        self.output = Task {
            let reader = LineReader(descriptor: output.readEnd)
            while let line = await reader.line() { lines.all.withLock { $0.append(line) } }
            lines.areComplete.withLock { $0 = true }
        }
        self.errors = Task { await LineReader(descriptor: errors.readEnd).rest() }
    }

    /// Waits for the end.
    public func outcome() async -> Outcome {
        let status = await process.waitForExit()
        await output.value
        return Outcome(status: status, output: lines.all.withLock { $0 }, errors: await errors.value)
    }

    /// Waits until the command has written so many lines to standard output, or has closed it.
    public func waitForOutput(lines count: Int) async throws {
        while lines.all.withLock({ $0.count }) < count && !lines.areComplete.withLock({ $0 }) {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The lines that have been read so far.
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        let areComplete = Mutex(false)
    }
}
