import NIOCore
import NIOHTTP1
import NIOPosix
import ReimburseWorker
import ServiceLifecycle

/// Serves what the worker measures, and whether it is well, over HTTP.
///
/// `/metrics` is the text format of Prometheus. `/live` is 200 while the worker goes round, `/ready` while it has been
/// able to look at its queue lately, else they are 503. There is nothing else, and nothing in it names a customer.
struct MetricsServer: Service {
    private let channel: any Channel

    /// Begins to serve.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - health: How the worker is.
    ///   - text: Gives the metrics as they are to be served.
    /// - Throws: ``UnfinishedWork`` when the address is none of this machine, or is taken.
    init(_ address: MetricsAddress, health: WorkerHealth, text: @escaping @Sendable () -> String) async throws {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(15)))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(MetricsHandler(health: health, text: text))
                }
            }
        do {
            channel = try await bootstrap.bind(host: address.host, port: Int(address.port)).get()
        } catch {
            throw UnfinishedWork("cannot serve metrics on \(address), which is taken or none of this machine: \(error)")
        }
    }

    /// Serves until it is shut down.
    func run() async throws {
        try? await gracefulShutdown()
        try? await channel.close()
    }
}

/// Answers the requests of one connection.
private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let health: WorkerHealth
    private let text: @Sendable () -> String
    private var request: HTTPRequestHead?

    init(health: WorkerHealth, text: @escaping @Sendable () -> String) {
        self.health = health
        self.text = text
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end:
            guard let request else { return }
            answer(request, context)
        }
    }

    /// Closes a connection on which nothing happens.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (status, body) = content(of: request)
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: "text/plain; version=0.0.4; charset=utf-8")
        headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        headers.add(name: "Connection", value: "close")
        let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    private func content(of request: HTTPRequestHead) -> (HTTPResponseStatus, String) {
        guard request.method == .GET || request.method == .HEAD else {
            return (.methodNotAllowed, "only GET\n")
        }
        switch request.uri.prefix(while: { $0 != "?" }) {
        case "/metrics": return (.ok, text())
        case "/live": return health.isLive ? (.ok, "live\n") : (.serviceUnavailable, "not live\n")
        case "/ready": return health.isReady ? (.ok, "ready\n") : (.serviceUnavailable, "not ready\n")
        default: return (.notFound, "there are /metrics, /live and /ready\n")
        }
    }
}
