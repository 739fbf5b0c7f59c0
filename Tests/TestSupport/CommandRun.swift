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
    private let outputLines = Lines()
    private let errorLines = Lines()
    private let output: Task<Void, Never>
    private let errors: Task<Void, Never>

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
        self.output = outputLines.collect(from: LineReader(descriptor: output.readEnd))
        self.errors = errorLines.collect(from: LineReader(descriptor: errors.readEnd))
    }

    /// Waits for the end.
    public func outcome() async -> Outcome {
        let status = await process.waitForExit()
        await output.value
        await errors.value
        return Outcome(status: status, output: outputLines.soFar, errors: errorLines.soFar)
    }

    /// Waits until the command has written so many lines to standard output, or has closed it.
    public func waitForOutput(lines count: Int) async throws {
        try await outputLines.wait { $0.count >= count }
    }

    /// Waits until the command has written a line with a certain text to standard error, or has closed it.
    public func waitForError(containing text: String) async throws {
        try await errorLines.wait { lines in lines.contains { $0.contains(text) } }
    }

    /// The lines that have been read so far.
    private final class Lines: Sendable {
        private let all = Mutex<[String]>([])
        private let areComplete = Mutex(false)

        var soFar: [String] { all.withLock { $0 } }

        /// Reads lines until there are no more.
        func collect(from reader: LineReader) -> Task<Void, Never> {
            Task {
                while let line = await reader.line() { all.withLock { $0.append(line) } }
                areComplete.withLock { $0 = true }
            }
        }

        /// Waits until the lines are as they should be, or complete.
        func wait(until condition: ([String]) -> Bool) async throws {
            while !condition(soFar) && !areComplete.withLock({ $0 }) {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
