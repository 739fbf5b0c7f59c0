import ArgumentParser
import PrivatePostgres

/// Measures everything, on a server of its own.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the product against controls, on a durable PostgreSQL of its own.",
        discussion: """
            Every figure is a ratio to a control that was measured in the same run: to an empty job, or to the same \
            rows written by plain statements. It takes about five minutes; afterwards everything is gone.
            Scenarios: \(ScenarioName.allCases.map { "\($0.rawValue) (\($0.title))" }.joined(separator: ", ")).
            """
    )

    @Option(help: "How large: small, medium, large, or a factor such as 0.5 (small is 1).")
    var size = BenchmarkSize.small

    @Option(help: "The scenarios to measure, separated by commas; all unless given.")
    var only = ScenarioSelection.all

    @Option(help: "How many rounds to measure, control and subject in turn.")
    var rounds = 3

    @Option(help: ArgumentHelp("Write plots as SVG files, and figures.json, into a folder.", valueName: "folder"))
    var plots: String?

    @Option(help: ArgumentHelp("Start the server with another setting; may be repeated.", valueName: "name=value"))
    var set: [String] = []

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100).contains(rounds) else {
            throw ValidationError("The number of rounds is from 1 to 100.")
        }
        guard set.allSatisfy({ $0.contains("=") }) else {
            throw ValidationError("A setting is given as name=value.")
        }
    }

    func run() async throws {
        let benchmark = Benchmark(plan: BenchmarkPlan(size: size, rounds: rounds), scenarios: only.scenarios)
        let settings = try serverSettings()
        let work = Task {
            let cluster = try await PrivateCluster.start(settings, in: DurableFolder.path)
            do {
                let report = try await benchmark.run(on: cluster)
                await cluster.stop()
                return report
            } catch {
                await cluster.stop()
                throw error
            }
        }
        let signals = StopSignals(
            first: { work.cancel() },
            // The server's watchdog cleans up behind this process.
            second: { Self.exit(withError: ExitCode.failure) }
        )
        defer { signals.stopHandling() }
        do {
            let report = try await work.value
            Terminal.standardOutput.write(report.text(output.effectiveFormat))
            if let plots { try BenchmarkPlots(report: report).write(to: plots) }
        } catch is CancellationError {
            Terminal.standardError.write("Stopped. The private server and its folder are gone.\n")
            throw ExitCode.failure
        }
    }

    private func serverSettings() throws -> ServerSettings {
        var settings = ServerSettings.durable
        for setting in set {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            try settings.set(parts[0], to: parts[1])
        }
        return settings
    }
}
