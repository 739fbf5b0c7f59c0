import PostgresClient

/// One, two and four worker processes on the same work: what more of them bring.
struct ScaleScenario: BenchmarkScenario {
    /// How the customers are divided.
    private enum Work: CaseIterable {
        case batches, legalEntities

        var name: String {
            switch self {
            case .batches: "one legal entity, 16 batches"
            case .legalEntities: "8 legal entities, 2 batches each"
            }
        }
    }

    private static let entities = 8
    private static let batches = 16
    /// How many customers a worker carries out before, and how often that is tried.
    private static let (warmUpCustomers, warmUps) = (20, 10)

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_scale")
        let customers = bench.plan.count(8000, atLeast: 80) / Self.batches * Self.batches
        var findings = ScenarioFindings()
        let workers = [1, 2, 4]
        bench.progress.show("scale: the books")
        for work in Work.allCases {
            for round in 1...bench.plan.rounds {
                for count in workers {
                    try await addCompanies(Part(work: work, round: round, workers: count), customers, to: books)
                }
            }
        }
        try await books.settle()
        for work in Work.allCases {
            var rates: [Int: [Double]] = [:]
            for round in 1...bench.plan.rounds {
                for count in workers {
                    bench.progress.show(
                        "scale: \(work.name), \(count) workers, round \(round) of \(bench.plan.rounds)"
                    )
                    let part = Part(work: work, round: round, workers: count)
                    rates[count, default: []].append(try await rate(of: part, customers: customers, on: books))
                }
            }
            for count in workers {
                let control = Measurement.Control("one worker", "customers/s", rates[1] ?? [])
                findings.measurements.append(
                    Measurement(
                        "\(work.name), \(count == 1 ? "one worker" : "\(count) workers")",
                        "customers/s",
                        rates[count] ?? [],
                        control: count == 1 ? nil : control
                    )
                )
            }
        }
        bench.progress.show("scale: checking the books")
        try await books.check(Part(work: .batches, round: 1, workers: 2).legalEntities[0])
        try await books.drop()
        findings.notes.append(
            "scale: \(NumberText.grouped(customers)) customers with two credits each in all, by workers that did some before"
        )
        return findings
    }

    /// What is measured once.
    private struct Part {
        let work: Work
        let round: Int
        let workers: Int

        private var name: String { "\(work)\(round)W\(workers)" }

        /// The legal entities whose customers are reimbursed.
        var legalEntities: [String] {
            work == .batches ? [name] : (1...ScaleScenario.entities).map { "\(name)E\($0)" }
        }

        /// The legal entity that the workers carry out before.
        var warmUp: String { "\(name)W" }
    }

    private func addCompanies(_ part: Part, _ customers: Int, to books: BenchmarkBooks) async throws {
        for entity in part.legalEntities {
            try await books.addCompany(entity, customers: customers / part.legalEntities.count)
        }
        try await books.addCompany(part.warmUp, customers: Self.warmUps * Self.warmUpCustomers * part.workers)
    }

    private func rate(of part: Part, customers: Int, on books: BenchmarkBooks) async throws -> Double {
        let group = try await WorkerGroup.idle(part.workers, on: books)
        try await warmUp(part, on: books)
        let calls = SQL(
            joining: part.legalEntities.map { entity in
                """
                SELECT \(entity) AS legal_entity_id, reimbursement.enqueue_reimbursement(
                    legal_entity_id => \(entity), batches => \(Self.batches / part.legalEntities.count)) AS run_id
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
        for run in runs {
            try await books.verify(
                run.legalEntity,
                runsFrom: run.run,
                customers: customers / part.legalEntities.count
            )
        }
        return Double(customers) / (milliseconds / 1000)
    }

    /// Has every one of the workers carry out something, so that its session knows its statements: workers stay for days.
    private func warmUp(_ part: Part, on books: BenchmarkBooks) async throws {
        let customers = Self.warmUpCustomers * part.workers
        for turn in 0..<Self.warmUps {
            let filter = "\(books.account(turn * customers + 1))..\(books.account((turn + 1) * customers))"
            let run = try await books.enqueue(part.warmUp, filter: filter, batches: 4 * part.workers)
            try await books.waitForEnd(of: [(part.warmUp, run)], lookingEvery: .milliseconds(2))
            let busy: Int = try await books.connection.query(
                "SELECT count(DISTINCT worker) AS workers FROM reimbursement.jobs WHERE legal_entity_id = \(part.warmUp)"
            )[0].value("workers")
            if busy >= part.workers { return }
        }
        throw UnfinishedWork("of \(part.workers) workers some do nothing")
    }
}
