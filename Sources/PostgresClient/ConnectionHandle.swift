import CLibPQ
import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The C side of a connection: what libpq allocated, the source that watches its socket, and the end of both.
///
/// Only its own queue may use it, apart from `cancel`, which libpq allows on any thread.
final class ConnectionHandle: @unchecked Sendable {
    /// The connection of libpq's.
    let connection: OpaquePointer
    /// Says when the socket has something to read.
    let source: any DispatchSourceRead
    private let cancellation: OpaquePointer?

    /// Takes over a connection that was made on the queue.
    init(connection: OpaquePointer, noticeHandler: NoticeHandler, queue: DispatchQueue) {
        self.connection = connection
        cancellation = PQgetCancel(connection)
        // libpq closes its socket at the first failure, and another connection may get the same number while the
        // source still watches it. A duplicate stays what it is until the source lets go of it.
        let descriptor = fcntl(PQsocket(connection), F_DUPFD_CLOEXEC, 0)
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        let finished = Finished(connection: connection)
        source.setCancelHandler {
            PQfinish(finished.connection)
            close(descriptor)
            noticeHandler.release()
        }
    }

    /// A cancel request that is still on its way holds the handle, as the connection may end meanwhile.
    deinit {
        PQfreeCancel(cancellation)
    }

    /// Asks the server to cancel what the connection executes; blocks until the server has taken note.
    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        PQcancel(cancellation, &message, Int32(message.count))
    }

    /// Reads what has arrived.
    ///
    /// - Returns: Whether the connection is still there.
    func consumeInput() -> Bool {
        PQconsumeInput(connection) == 1 && PQstatus(connection) == CONNECTION_OK
    }

    /// Whether more has arrived.
    var isReadable: Bool {
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    /// What the handler that ends everything needs.
    private struct Finished: @unchecked Sendable {
        let connection: OpaquePointer
    }
}

/// The way of a notice from libpq to Swift.
final class NoticeHandler: Sendable {
    private let handle: (@Sendable (PostgresNotice) -> Void)?

    init(_ handle: (@Sendable (PostgresNotice) -> Void)?) {
        self.handle = handle
    }

    /// Takes the place of libpq's own receiver, which would write to standard error.
    ///
    /// Balance it with `release`.
    func install(on connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<NoticeHandler>.fromOpaque(context).takeUnretainedValue()
                    .handle?(PostgresNotice(result: result))
            },
            Unmanaged.passRetained(self).toOpaque()
        )
    }

    /// Lets go of the handler after the connection has been finished.
    func release() {
        Unmanaged.passUnretained(self).release()
    }
}
