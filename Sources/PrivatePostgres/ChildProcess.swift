import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A program that this process started.
///
/// It runs in a process group of its own, so that Ctrl-C reaches the parent alone and the parent decides what
/// becomes of its children.
public final class ChildProcess: Sendable {
    /// The number of the process.
    public let identifier: pid_t
    private let end: Task<ExitStatus, Never>

    /// How a process ended.
    public enum ExitStatus: Hashable, Sendable {
        /// It returned this status.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: The path of the program.
    ///   - arguments: Its arguments, without its name.
    ///   - environment: Variables that it gets besides, or instead of, this process's own.
    ///   - standardInput: Where it reads from; nothing unless given.
    ///   - standardOutput: Where it writes to; this process's own unless given.
    ///   - standardError: Where it writes what went wrong; this process's own unless given.
    /// - Throws: ``SystemError``.
    public init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        standardInput: Int32? = nil,
        standardOutput: Int32 = STDOUT_FILENO,
        standardError: Int32 = STDERR_FILENO
    ) throws {
        let identifier = try Self.spawn(
            CStrings([program] + arguments),
            CStrings(Self.merged(environment)),
            descriptors: [standardInput, standardOutput, standardError]
        )
        self.identifier = identifier
        end = Task {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume(returning: Self.wait(for: identifier)) }
            }
        }
    }

    /// Sends a signal.
    ///
    /// - Parameter signal: The number of the signal.
    public func send(signal: Int32) {
        kill(identifier, signal)
    }

    /// Waits for the end.
    ///
    /// - Returns: How it ended.
    public func waitForExit() async -> ExitStatus {
        await end.value
    }

    private static func spawn(_ arguments: CStrings, _ environment: CStrings, descriptors: [Int32?]) throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, descriptor) in descriptors.enumerated() {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDWR, 0)
            }
        }
        // A parent that handles signals through dispatch sources ignores them otherwise, and a child would inherit that.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // A thread of Dispatch's blocks signals, and a child would not hear its own alarm.
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = [POSIX_SPAWN_SETPGROUP, POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK].map { Int16($0) }
        posix_spawnattr_setflags(&attributes, flags.reduce(0, |))
        var identifier: pid_t = 0
        let code = Pipe.lock.withLock { _ in
            posix_spawnp(
                &identifier,
                arguments.strings[0],
                &actions,
                &attributes,
                arguments.mutablePointers,
                environment.mutablePointers
            )
        }
        guard code == 0 else { throw SystemError(action: "cannot start \(arguments.strings[0])", code: code) }
        return identifier
    }

    private static func wait(for identifier: pid_t) -> ExitStatus {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    /// This process's environment with some variables changed, as `NAME=value`.
    private static func merged(_ changes: [String: String]) -> [String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            entry += 1
        }
        return variables.merging(changes) { $1 }.map { "\($0)=\($1)" }
    }
}

/// Strings as C programs expect an array of them: pointers, the last one null.
private final class CStrings {
    let strings: [String]
    let mutablePointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    init(_ strings: [String]) {
        self.strings = strings
        mutablePointers = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { mutablePointers[index] = strdup(string) }
        mutablePointers[strings.count] = nil
    }

    deinit {
        for index in strings.indices { free(mutablePointers[index]) }
        mutablePointers.deallocate()
    }
}
