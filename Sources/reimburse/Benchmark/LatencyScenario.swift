import PostgresClient

/// From the enqueueing of a run to its reimbursement in the report, with a worker that has nothing else to do.
struct LatencyScenario: BenchmarkScenario {
    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_latency")
        let (warmUps, repetitions) = (bench.plan.fixedCount(10), bench.plan.fixedCount(66, atLeast: 3))
        let customers = warmUps + repetitions * bench.plan.rounds
        try await books.addCompany("SOON", customers: max(customers, 500))
        try await books.settle()
        let worker = try await WorkerGroup.idle(1, on: books)
        let emptyJobs = EmptyJobs(books: books)
        for number in 1...warmUps { _ = try await untilVisible(number, on: books) }

        var subjects: [[Double]] = [[], [], []]
        var controls: [[Double]] = [[], [], []]
        for round in 0..<bench.plan.rounds {
            bench.progress.show("latency: round \(round + 1) of \(bench.plan.rounds)")
            var (visible, empty): ([Double], [Double]) = ([], [])
            for repetition in 1...repetitions {
                empty.append(try await emptyJobs.alone().reduce(0, +))
                visible.append(
                    try await untilVisible(warmUps + round * repetitions + repetition, on: books)
                )
            }
            for (index, percent) in [50, 90, 100].enumerated() {
                subjects[index].append(Spread(visible).percentile(percent))
                controls[index].append(Spread(empty).percentile(percent))
            }
        }
        try await worker.stop()
        try await books.check("SOON")
        try await books.drop()

        return ScenarioFindings(
            measurements: ["median", "90 of 100 within", "longest"].enumerated().map { index, name in
                Measurement(name, "ms", subjects[index], control: .init("empty job, \(name)", "ms", controls[index]))
            },
            notes: ["latency: \(repetitions) runs a round, of one customer each, of \(max(customers, 500))"]
        )
    }

    private func untilVisible(_ number: Int, on books: BenchmarkBooks) async throws -> Double {
        let account = books.account(number)
        let started = ContinuousClock.now
        let run = try await books.enqueue("SOON", filter: account)
        while true {
            let rows = try await books.connection.query(
                """
                SELECT customer_account FROM reimbursement.reimbursement_report
                WHERE legal_entity_id = 'SOON' AND run_id = \(run)
                """
            )
            if let row = rows.first {
                let milliseconds = Stopwatch.milliseconds(since: started)
                guard try row.value("customer_account") == account, rows.count == 1 else {
                    throw UnfinishedWork("run \(run) has reimbursed somebody else")
                }
                // The worker comes to rest before it is asked again.
                try await Task.sleep(for: .milliseconds(5))
                return milliseconds
            }
            guard ContinuousClock.now - started < .seconds(30) else {
                throw UnfinishedWork("run \(run) is not carried out")
            }
            try await Task.sleep(for: .microseconds(500))
        }
    }
}
