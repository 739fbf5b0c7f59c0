import ArgumentParser

/// What can be measured, in the order in which it is.
enum ScenarioName: String, CaseIterable, Sendable {
    case single, one, latency, size, bulk, scale, age, claims, rest

    /// What it is about, in a few words.
    var title: String {
        switch self {
        case .single: "runs of one customer, many of them"
        case .one: "one run of one customer, step by step"
        case .latency: "from enqueue to report"
        case .size: "a few customers in small and large companies"
        case .bulk: "many customers in one batch"
        case .scale: "several workers"
        case .age: "new books and old ones"
        case .claims: "claims after many finished jobs, and under a held snapshot"
        case .rest: "payment, reversal, checks and reports"
        }
    }

    /// The scenario itself.
    var scenario: any BenchmarkScenario {
        switch self {
        case .single: SingleScenario()
        case .one: OneScenario()
        case .latency: LatencyScenario()
        case .size: SizeScenario()
        case .bulk: BulkScenario()
        case .scale: ScaleScenario()
        case .age: AgeScenario()
        case .claims: ClaimsScenario()
        case .rest: RestScenario()
        }
    }
}

/// Some of the scenarios, in their order.
struct ScenarioSelection: ExpressibleByArgument, CustomStringConvertible, Sendable {
    /// The scenarios that were chosen.
    let scenarios: [ScenarioName]

    /// All of them.
    static let all = ScenarioSelection(scenarios: ScenarioName.allCases)

    /// The names, separated by commas.
    var description: String { scenarios.map(\.rawValue).joined(separator: ",") }

    private init(scenarios: [ScenarioName]) {
        self.scenarios = scenarios
    }

    /// Reads names separated by commas.
    init?(argument: String) {
        let names = argument.split(separator: ",").map { $0.filter { $0 != " " } }
        let chosen = names.compactMap(ScenarioName.init(rawValue:))
        guard !chosen.isEmpty, chosen.count == names.count else { return nil }
        self.init(scenarios: ScenarioName.allCases.filter(chosen.contains))
    }
}

/// Something to measure.
protocol BenchmarkScenario: Sendable {
    /// Measures, and makes sure that what was measured did what it should.
    ///
    /// - Parameter bench: Where to measure, and how much.
    /// - Returns: What was found.
    /// - Throws: What went wrong; ``UnfinishedWork`` when something did not do what it should.
    func measure(on bench: Workbench) async throws -> ScenarioFindings
}

/// What a scenario has found.
struct ScenarioFindings: Sendable {
    /// What was measured.
    var measurements: [Measurement] = []
    /// What a reader has to know of it.
    var notes: [String] = []
    /// How long it took, with all that had to be made before and checked afterwards, in seconds.
    var seconds = 0.0
}
