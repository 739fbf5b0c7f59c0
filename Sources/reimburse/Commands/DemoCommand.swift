import ArgumentParser
import PrivatePostgres

/// Shows everything on a sample company.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole product at work on a sample company, on a PostgreSQL of its own.",
        discussion: """
            Starts a private PostgreSQL on a Unix socket, loads three legal entities, previews and enqueues runs, \
            starts two workers, and prints what came of it. Afterwards everything is gone, unless --keep is given.
            """
    )

    @Flag(help: "Leave the server running, and print how to get to it.")
    var keep = false

    func run() async throws {
        let keep = keep
        let work = Task {
            let cluster = try await PrivateCluster.start()
            do {
                try await Demo(cluster: cluster, isKept: keep).run()
                if keep { try await cluster.release() }
            } catch {
                await cluster.stop()
                throw error
            }
            await cluster.stop()
        }
        let signals = StopSignals(
            first: { work.cancel() },
            // The server's watchdog cleans up behind this process.
            second: { Self.exit(withError: ExitCode.failure) }
        )
        defer { signals.stopHandling() }
        do {
            try await work.value
        } catch is CancellationError {
            Terminal.standardError.write("Stopped. The private server and its folder are gone.\n")
            throw ExitCode.failure
        }
    }
}
