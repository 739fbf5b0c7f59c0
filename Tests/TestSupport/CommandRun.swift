import PrivatePostgres

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
    private let output: Task<[String], Never>
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
    public init(_ arguments: [String], database: TestDatabase?) throws {
        let output = try Pipe()
        let errors = try Pipe()
        defer {
            close(output.writeEnd)
            close(errors.writeEnd)
        }
        let folder = OwnExecutable.path.split(separator: "/").dropLast().joined(separator: "/")
        process = try ChildProcess(
            "/\(folder)/reimburse",
            arguments + (database.map { ["--database", $0.connectionString] } ?? []),
            standardOutput: output.writeEnd,
            standardError: errors.writeEnd
        )
        self.output = Task { await LineReader(descriptor: output.readEnd).rest() }
        self.errors = Task { await LineReader(descriptor: errors.readEnd).rest() }
    }

    /// Waits for the end.
    public func outcome() async -> Outcome {
        Outcome(status: await process.waitForExit(), output: await output.value, errors: await errors.value)
    }
}
