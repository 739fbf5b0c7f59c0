/// One run of one customer on one session, step by step: against a job that does nothing.
struct OneScenario: BenchmarkScenario {
    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_one")
        let (warmUps, repetitions) = (bench.plan.fixedCount(20), bench.plan.fixedCount(50, atLeast: 3))
        let customers = warmUps + repetitions * bench.plan.rounds
        try await books.addCompany("ONE", customers: max(customers, 500))
        try await books.settle()
        let worker = HandWorker(books: books)
        let emptyJobs = EmptyJobs(books: books)
        for number in 1...warmUps {
            _ = try await emptyJobs.alone()
            _ = try await worker.reimburse("ONE", filter: books.account(number), customers: 1)
        }

        var controls: [[Double]] = [[], [], [], []]
        var subjects: [[Double]] = [[], [], [], []]
        for round in 0..<bench.plan.rounds {
            bench.progress.show("one: round \(round + 1) of \(bench.plan.rounds)")
            var times: [HandWorker.Times] = []
            var empty: [[Double]] = []
            for repetition in 1...repetitions {
                let number = warmUps + round * repetitions + repetition
                empty.append(try await emptyJobs.alone())
                times.append(try await worker.reimburse("ONE", filter: books.account(number), customers: 1))
            }
            for (step, values) in [times.map(\.enqueue), times.map(\.claim), times.map(\.transfer), times.map(\.sum)]
                .enumerated()
            {
                subjects[step].append(Spread(values).median)
            }
            for (step, values) in [empty.map { $0[0] }, empty.map { $0[1] }, empty.map { $0[2] }].enumerated() {
                controls[step].append(Spread(values).median)
            }
            controls[3].append(Spread(empty.map { $0.reduce(0, +) }).median)
        }
        try await books.check("ONE")
        try await books.drop()

        let names = [("enqueue", "insert"), ("claim", "claim"), ("transfer", "complete"), ("in sum", "in sum")]
        return ScenarioFindings(
            measurements: names.enumerated().map { step, name in
                Measurement(name.0, "ms", subjects[step], control: .init("empty job, \(name.1)", "ms", controls[step]))
            },
            notes: ["one: \(repetitions) runs a round, each of another customer, of \(max(customers, 500))"]
        )
    }
}
