/// Many customers in one batch: against the same rows written by plain statements.
struct BulkScenario: BenchmarkScenario {
    /// What was found for one size, a value a round.
    private struct Series {
        var runs: [BulkRun] = []
        var floors: [WriteFloor.Kind: [(milliseconds: Double, activity: ServerActivity)]] = [:]
    }

    /// The largest batch takes its time, and spreads less.
    private static let largestRounds = 2

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_bulk")
        let sizes = Self.sizes(bench.plan)
        var series: [Int: Series] = [:]
        for round in 1...bench.plan.rounds {
            for size in sizes where size < sizes[2] || round <= Self.largestRounds {
                bench.progress.show(
                    "bulk: \(NumberText.grouped(size)) customers, round \(round) of \(bench.plan.rounds)"
                )
                try await measure(size, in: "BULK\(size)R\(round)", on: books, into: &series[size, default: Series()])
                if round == 1 && size == sizes[0] { try await books.check("BULK\(size)R1") }
            }
        }
        try await books.drop()

        var findings = ScenarioFindings()
        for size in sizes { findings.measurements += measurements(of: size, series[size] ?? Series()) }
        findings.measurements += growth(sizes, series)
        findings.notes.append(
            """
            bulk: two credits each, every other customer without a vendor, one run of one batch; memory of the session \
            counts the shared buffers that it touched
            """
        )
        return findings
    }

    /// The sizes, each once.
    static func sizes(_ plan: BenchmarkPlan) -> [Int] {
        let sizes = [plan.fixedCount(1000, atLeast: 10), plan.fixedCount(10_000, atLeast: 20)]
        return sizes + [plan.count(20_000, atLeast: 30, atMost: 1_000_000)]
    }

    private func measure(
        _ size: Int,
        in legalEntity: String,
        on books: BenchmarkBooks,
        into series: inout Series
    ) async throws {
        try await books.addCompany(legalEntity, customers: size)
        let floor = WriteFloor(books: books, legalEntity: legalEntity)
        try await floor.keepBefore()
        try await books.settle()
        series.runs.append(try await BulkRun(of: legalEntity, customers: size, on: books))
        try await floor.keepWritten()
        for kind in WriteFloor.Kind.allCases {
            series.floors[kind, default: []].append(try await floor.write(kind))
        }
        try await floor.drop()
    }

    // MARK: - What was found

    private func measurements(of size: Int, _ series: Series) -> [Measurement] {
        let subject = "\(NumberText.grouped(size)) customers"
        let customers = Double(size)
        let times = series.runs.map(\.milliseconds)
        var measurements = WriteFloor.Kind.allCases.map { kind in
            Measurement(
                subject,
                "ms",
                times,
                control: .init(kind.name, "ms", series.floors[kind, default: []].map(\.milliseconds))
            )
        }
        let floors = series.floors[.write, default: []].map(\.activity)
        measurements += [
            Measurement("\(subject) a second", "customers/s", times.map { customers / ($0 / 1000) }),
            Measurement(
                "\(subject), WAL a customer",
                "bytes",
                series.runs.map { $0.activity.walBytes / customers },
                control: .init(WriteFloor.Kind.write.name, "bytes", floors.map { $0.walBytes / customers })
            ),
            Measurement(
                "\(subject), buffers a customer",
                "blocks",
                series.runs.map { $0.activity.blocks / customers },
                control: .init(WriteFloor.Kind.write.name, "blocks", floors.map { $0.blocks / customers })
            ),
            Measurement(
                "\(subject), temporary files",
                "MB",
                series.runs.map { $0.activity.temporaryBytes / 1e6 }
            ),
        ]
        let memories = [("worker", series.runs.map(\.workerMemory)), ("session", series.runs.map(\.sessionMemory))]
        for (name, values) in memories where !values.contains(nil) {
            measurements.append(
                Measurement("\(subject), peak memory of the \(name)", "MB", values.compactMap(\.self).map { $0 / 1e6 })
            )
        }
        return measurements
    }

    /// What a customer costs in the largest batch, against the one before.
    private func growth(_ sizes: [Int], _ series: [Int: Series]) -> [Measurement] {
        let costs = sizes.suffix(2).map { size in
            (series[size]?.runs ?? []).map { $0.milliseconds * 1000 / Double(size) }
        }
        return [
            Measurement(
                "a customer among \(NumberText.grouped(sizes[2]))",
                "µs",
                costs[1],
                control: .init("a customer among \(NumberText.grouped(sizes[1]))", "µs", costs[0])
            )
        ]
    }
}
