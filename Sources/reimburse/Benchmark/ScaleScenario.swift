import PostgresClient

/// One, two and four worker processes on the same work: what more of them bring.
struct ScaleScenario: BenchmarkScenario {
    /// How the customers are divided.
    private enum Work: CaseIterable {
        case batches, legalEntities

        var name: String {
            switch self {
            case .batches: "one legal entity, 8 batches"
            case .legalEntities: "8 legal entities"
            }
        }
    }

    private static let parts = 8

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_scale")
        let customers = bench.plan.count(4000, atLeast: 80) / Self.parts * Self.parts
        var findings = ScenarioFindings()
        for work in Work.allCases {
            var rates: [Int: [Double]] = [:]
            for round in 1...bench.plan.rounds {
                for workers in [1, 2, 4] {
                    bench.progress.show(
                        "scale: \(work.name), \(workers) workers, round \(round) of \(bench.plan.rounds)"
                    )
                    let name = "\(work)\(round)W\(workers)"
                    rates[workers, default: []].append(
                        try await rate(of: workers, at: work, customers: customers, as: name, on: books)
                    )
                }
            }
            for workers in [1, 2, 4] {
                let control = Measurement.Control("one worker", "customers/s", rates[1] ?? [])
                findings.measurements.append(
                    Measurement(
                        "\(work.name), \(workers == 1 ? "one worker" : "\(workers) workers")",
                        "customers/s",
                        rates[workers] ?? [],
                        control: workers == 1 ? nil : control
                    )
                )
            }
        }
        bench.progress.show("scale: the books")
        try await books.check("batches1W2")
        try await books.drop()
        findings.notes.append("scale: \(NumberText.grouped(customers)) customers with two credits each in all")
        return findings
    }

    private func rate(
        of workers: Int,
        at work: Work,
        customers: Int,
        as name: String,
        on books: BenchmarkBooks
    ) async throws -> Double {
        let entities = work == .batches ? [name] : (1...Self.parts).map { "\(name)E\($0)" }
        let each = customers / entities.count
        for entity in entities { try await books.addCompany(entity, customers: each) }
        try await books.settle()
        let group = try await WorkerGroup.idle(workers, on: books)
        let calls = SQL(
            joining: entities.map { entity in
                """
                SELECT \(entity) AS legal_entity_id, reimbursement.enqueue_reimbursement(
                    legal_entity_id => \(entity), batches => \(Self.parts / entities.count)) AS run_id
                """
            },
            separator: " UNION ALL "
        )
        let runs: [(legalEntity: String, run: Int64)] = try await books.connection.query(calls).map { row in
            (legalEntity: try row.value("legal_entity_id"), run: try row.value("run_id"))
        }
        let started = ContinuousClock.now
        try await books.waitForEnd(of: runs, lookingEvery: .milliseconds(2))
        let milliseconds = Stopwatch.milliseconds(since: started)
        try await group.stop()
        for run in runs { try await books.verify(run.legalEntity, runsFrom: run.run, customers: each) }
        return Double(customers) / (milliseconds / 1000)
    }
}
