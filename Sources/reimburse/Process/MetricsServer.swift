import FlyingFox
import Foundation
import ReimburseWorker
import ServiceLifecycle

/// Serves what the worker measures, and whether it is well, over HTTP.
///
/// `/metrics` is the text format of Prometheus. `/live` is 200 while the worker goes round, `/ready` while it has been
/// able to look at its queue lately, else they are 503. There is nothing else, and nothing in it names a customer.
struct MetricsServer: Service {
    private let server: HTTPServer
    private let serving: Task<Void, any Error>

    /// Begins to serve.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - health: How the worker is.
    ///   - text: Gives the metrics as they are to be served.
    /// - Throws: ``UnfinishedWork`` when the address is none of this machine, or is taken.
    init(_ address: MetricsAddress, health: WorkerHealth, text: @escaping @Sendable () -> String) async throws {
        let server = try Self.server(address)
        await server.appendRoute("GET /metrics") { _ in
            HTTPResponse(
                statusCode: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: Data(text().utf8)
            )
        }
        await server.appendRoute("GET /live") { _ in Self.answer(health.isLive, "live") }
        await server.appendRoute("GET /ready") { _ in Self.answer(health.isReady, "ready") }
        self.server = server
        let serving = Task { try await server.run() }
        self.serving = serving
        do {
            try await server.waitUntilListening(timeout: 2)
        } catch {
            serving.cancel()
            throw UnfinishedWork("cannot serve metrics on \(address): the address is taken or none of this machine")
        }
    }

    /// Serves until it is shut down.
    func run() async throws {
        try? await gracefulShutdown()
        await server.stop()
        serving.cancel()
    }

    private static func server(_ address: MetricsAddress) throws -> HTTPServer {
        do {
            if address.host.contains(":") {
                return HTTPServer(
                    address: try .inet6(ip6: address.host, port: address.port),
                    logger: .disabled
                )
            }
            return HTTPServer(address: try .inet(ip4: address.host, port: address.port), logger: .disabled)
        } catch {
            throw UnfinishedWork(
                "cannot serve metrics on \(address): give an address of this machine, as 127.0.0.1:9187"
            )
        }
    }

    private static func answer(_ isWell: Bool, _ word: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: isWell ? .ok : .serviceUnavailable,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: Data((isWell ? "\(word)\n" : "not \(word)\n").utf8)
        )
    }
}
