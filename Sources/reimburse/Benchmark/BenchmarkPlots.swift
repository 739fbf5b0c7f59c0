/// The report as pictures, one file a scenario, and the figures beside them.
struct BenchmarkPlots {
    /// What was found.
    let report: BenchmarkReport

    /// Writes them into a folder, which is made if it is not there.
    ///
    /// - Throws: ``/PrivatePostgres/SystemError``.
    func write(to folder: String) throws {
        try TextFile.makeFolder(folder)
        try TextFile.write(report.text(.json), to: "\(folder)/figures.json")
        for (name, picture) in pictures { try TextFile.write(picture, to: "\(folder)/\(name).svg") }
    }

    /// The pictures with their names.
    var pictures: [(name: String, svg: String)] {
        var pictures = report.findings.compactMap { scenario, findings in
            Self.ratios(scenario, findings).map { (name: scenario.rawValue, svg: $0.svg) }
        }
        if let growth { pictures.append((name: "bulk-cost", svg: growth.svg)) }
        return pictures
    }

    /// The ratios of a scenario as bars.
    private static func ratios(_ scenario: ScenarioName, _ findings: ScenarioFindings) -> BarChart? {
        let bars = findings.measurements.compactMap { measurement in
            guard let control = measurement.control, let ratio = measurement.ratio else { return BarChart.Bar?.none }
            return BarChart.Bar(
                label: measurement.subject,
                remark: """
                    \(NumberText.short(measurement.value.median)) \(measurement.unit) against \
                    \(NumberText.short(control.value.median)) \(control.unit), \(control.name)
                    """,
                value: ratio
            )
        }
        guard !bars.isEmpty else { return nil }
        return BarChart(title: "\(scenario.rawValue): \(scenario.title), ratio to the control", bars: bars)
    }

    /// What a customer costs in batches of different sizes, with the floors.
    private var growth: LineChart? {
        let bulk = report.findings.first { $0.scenario == .bulk }?.findings.measurements ?? []
        var lines: [(name: String, points: [LineChart.Point])] = []
        for measurement in bulk where measurement.unit == "ms" {
            let digits = measurement.subject.prefix { $0.isNumber || $0 == "," }.filter(\.isNumber)
            guard let customers = Double(digits), let control = measurement.control else { continue }
            for (name, value) in [("reimbursement", measurement.value), (control.name, control.value)] {
                let point = LineChart.Point(x: customers, y: value.map { $0 * 1000 / customers })
                if let index = lines.firstIndex(where: { $0.name == name }) {
                    if !lines[index].points.contains(where: { $0.x == customers }) { lines[index].points.append(point) }
                } else {
                    lines.append((name, [point]))
                }
            }
        }
        guard !lines.isEmpty else { return nil }
        return LineChart(
            title: "bulk: µs a customer, by the customers of a batch",
            lines: lines.map { LineChart.Line(name: $0.name, points: $0.points) }
        )
    }
}
