import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A pipe whose ends no child process inherits by accident.
public struct Pipe: Sendable {
    /// The end to read from.
    public let readEnd: Int32
    /// The end to write to.
    public let writeEnd: Int32

    /// Held while a pipe is made and while a process is started, so that none starts before the ends are marked.
    static let lock = Mutex(())

    /// Opens a pipe.
    ///
    /// - Throws: ``SystemError``.
    public init() throws {
        var ends: [Int32] = [0, 0]
        try Self.lock.withLock { _ in
            guard pipe(&ends) == 0 else { throw SystemError(action: "cannot open a pipe", code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }
}
