import Dispatch
import PrivatePostgres
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A way to a server that is not to be relied on.
///
/// It passes everything on. If it is to lose the answer to a COMMIT, then until the server has committed a message that
/// holds a certain text: it breaks that connection instead of saying so, and from there on is as reliable as any. Once it
/// is to stall, it goes on taking what it gets, and connections too, and passes nothing on any more.
public final class Relay: Sendable {
    private let folder: String
    private let target: String
    private let text: [UInt8]?
    private let listener: Int32
    private let isLost = Mutex(false)
    private let isStalled = Mutex(false)

    /// Opens the way.
    ///
    /// - Parameters:
    ///   - cluster: Where it leads.
    ///   - text: What stands in the message whose answer is to be lost, such as the name of a function; none unless given.
    /// - Throws: An error when the system refuses it.
    public init(to cluster: PrivateCluster, losingCommitOf text: String? = nil) throws {
        var template = Array("/tmp/reimburse-relay.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(code: errno) }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        target = "\(cluster.folder)/\(Self.socketName)"
        self.text = text.map { Array($0.utf8) }
        listener = Self.makeSocket()
        let bound = Self.withAddress("\(folder)/\(Self.socketName)") { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 16) == 0 else { throw Failure(code: errno) }
        DispatchQueue(label: "relay").async { self.serve() }
    }

    /// The way to a database of the server.
    public func database(_ database: TestDatabase) -> TestDatabase {
        TestDatabase(connectionString: "\(database.connectionString) host=\(folder)")
    }

    /// Whether an answer got lost.
    public var hasLostAnswer: Bool { isLost.withLock { $0 } }

    /// Passes nothing on from here on, and does not say so.
    public func stall() { isStalled.withLock { $0 = true } }

    /// Closes the way to those who are not on it yet.
    public func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        unlink("\(folder)/\(Self.socketName)")
        rmdir(folder)
    }

    private func serve() {
        while case let client = accept(listener, nil, nil), client >= 0 {
            let link = Link(client: client, server: Self.makeSocket())
            guard Self.withAddress(target, { connect(link.server, $0, $1) }) == 0 else { continue }
            DispatchQueue(label: "relay.asked").async {
                self.pass(from: link.client, to: link.server) { bytes in
                    if let text = self.text, bytes.holds(text) { link.isMarked.withLock { $0 = true } }
                    return true
                }
            }
            DispatchQueue(label: "relay.answered").async {
                self.pass(from: link.server, to: link.client) { bytes in
                    guard link.isMarked.withLock({ $0 }), bytes.holds(Self.committed) else { return true }
                    return self.isLost.withLock { isLost in
                        defer { isLost = true }
                        return isLost
                    }
                }
            }
        }
    }

    /// Passes on what comes, until either side ends or something is not to be passed on; then both end.
    private func pass(from source: Int32, to sink: Int32, if isPassed: ([UInt8]) -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = recv(source, &buffer, buffer.count, 0), count > 0, isPassed(Array(buffer[..<count])) {
            var sent = isStalled.withLock { $0 } ? count : 0
            while sent < count {
                let part = buffer[sent..<count].withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Self.noSignal) }
                guard part > 0 else { break }
                sent += part
            }
        }
        for end in [source, sink] { shutdown(end, Int32(SHUT_RDWR)) }
    }

    /// The two connections that are one to those at their ends.
    private final class Link: Sendable {
        let client: Int32
        let server: Int32
        /// Whether the client has sent the text.
        let isMarked = Mutex(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        deinit {
            for end in [client, server] { close(end) }
        }
    }

    /// A call of the operating system that failed.
    private struct Failure: Error {
        let code: Int32
    }

    // MARK: - Sockets

    private static let socketName = ".s.PGSQL.5432"
    /// The tag of a completed COMMIT.
    private static let committed = Array("COMMIT\0".utf8)

    #if canImport(Darwin)
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #endif

    private static func makeSocket() -> Int32 {
        #if canImport(Glibc)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func withAddress<Result>(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension Array<UInt8> {
    /// Whether other bytes stand somewhere among these.
    fileprivate func holds(_ bytes: [UInt8]) -> Bool {
        count >= bytes.count && (0...(count - bytes.count)).contains { self[$0...].starts(with: bytes) }
    }
}
