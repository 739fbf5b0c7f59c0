/// What a benchmark has found, for people and for programs.
struct BenchmarkReport: Sendable {
    /// How much was measured.
    let plan: BenchmarkPlan
    /// What the figures depend on.
    let conditions: [(name: String, value: String)]
    /// What each scenario has found.
    let findings: [(scenario: ScenarioName, findings: ScenarioFindings)]
    /// How long it took.
    let seconds: Double

    /// Every measurement with its scenario, in order.
    var measurements: [(scenario: ScenarioName, measurement: Measurement)] {
        findings.flatMap { scenario, findings in findings.measurements.map { (scenario, $0) } }
    }

    /// How long each scenario took, in whole seconds.
    private var times: [(scenario: String, seconds: Int)] {
        findings.map { ($0.scenario.rawValue, Int($0.findings.seconds.rounded())) }
    }

    /// The report as it is printed, with its last line's end.
    func text(_ format: OutputFormat) -> String {
        switch format {
        case .table: table
        case .plain: plain
        case .json: json + "\n"
        }
    }

    // MARK: - For people

    private var table: String {
        let about = stride(from: 0, to: conditions.count, by: 5).map { start in
            conditions[start...].prefix(5).map { "\($0.name) \($0.value)" }.joined(separator: " · ")
        }
        let heading = """
            \(about.joined(separator: "\n"))
            size \(plan.size) · \(plan.rounds) rounds, control and subject in turn · medians, in brackets the smallest \
            and the largest
            \(Int(seconds)) s: \(times.map { "\($0.scenario) \($0.seconds)" }.joined(separator: " · "))


            """
        let notes = findings.flatMap(\.findings.notes).map { "\($0)\n" }.joined()
        let rows = measurements.map { scenario, measurement in
            [
                scenario.rawValue, measurement.subject, Self.cell(measurement.value), measurement.unit,
                measurement.control.map { Self.cell($0.value) } ?? "",
                measurement.control.map { "\($0.unit), \($0.name)" } ?? "",
                measurement.ratio.map(Self.cell) ?? "",
            ]
        }
        let table = Table(
            headings: ["scenario", "measured", "value", "", "control", "", "ratio"],
            isNumeric: [false, false, true, false, true, false, true],
            rows: rows
        )
        return heading + table.text + (notes.isEmpty ? "" : "\n" + notes)
    }

    private static func cell(_ spread: Spread) -> String {
        let median = NumberText.short(spread.median)
        guard spread.values.count > 1 else { return median }
        return "\(median) (\(NumberText.short(spread.minimum))..\(NumberText.short(spread.maximum)))"
    }

    // MARK: - For programs

    private var plain: String {
        let names = [
            "scenario", "measured", "unit", "median", "minimum", "maximum", "control", "control_unit", "control_median",
            "control_minimum", "control_maximum", "ratio", "ratio_minimum", "ratio_maximum",
        ]
        let rows = measurements.map { scenario, measurement in
            [scenario.rawValue, measurement.subject, measurement.unit] + Self.numbers(measurement.value)
                + [measurement.control?.name ?? "", measurement.control?.unit ?? ""]
                + Self.numbers(measurement.control?.value) + Self.numbers(measurement.ratio)
        }
        return ([names] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    private static func numbers(_ spread: Spread?) -> [String] {
        guard let spread else { return ["", "", ""] }
        return [spread.median, spread.minimum, spread.maximum].map { "\($0)" }
    }

    private var json: String {
        let settings = conditions.map { "\(JSON.string($0.name)): \(JSON.string($0.value))" }
        let results = measurements.map { scenario, measurement in
            let control = measurement.control.map { control in
                """
                {"name": \(JSON.string(control.name)), "unit": \(JSON.string(control.unit)), \
                "value": \(Self.object(control.value))}
                """
            }
            return """
                {"scenario": \(JSON.string(scenario.rawValue)), "measured": \(JSON.string(measurement.subject)), \
                "unit": \(JSON.string(measurement.unit)), "value": \(Self.object(measurement.value)), \
                "control": \(control ?? "null"), "ratio": \(measurement.ratio.map(Self.object) ?? "null")}
                """
        }
        let notes = findings.flatMap(\.findings.notes).map(JSON.string)
        return """
            {
            "size": \(JSON.string("\(plan.size)")), "rounds": \(plan.rounds), "seconds": \(Int(seconds)),
            "seconds_of": {\(times.map { "\(JSON.string($0.scenario)): \($0.seconds)" }.joined(separator: ", "))},
            "conditions": {\(settings.joined(separator: ", "))},
            "results": [
            \(results.joined(separator: ",\n"))
            ],
            "notes": [\(notes.joined(separator: ",\n"))]
            }
            """
    }

    private static func object(_ spread: Spread) -> String {
        let values = spread.values.map(number).joined(separator: ", ")
        return """
            {"median": \(number(spread.median)), "minimum": \(number(spread.minimum)), \
            "maximum": \(number(spread.maximum)), "rounds": [\(values)]}
            """
    }

    /// A number of JSON, which has none that is infinite.
    private static func number(_ value: Double) -> String {
        value.isFinite ? "\(value)" : "null"
    }
}
