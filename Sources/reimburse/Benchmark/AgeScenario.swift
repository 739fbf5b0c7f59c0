/// The same runs on new books and on old ones.
struct AgeScenario: BenchmarkScenario {
    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let age = AgedBooks(bench.plan)
        bench.progress.show("age: making new books and old ones")
        let new = try await age.makeNew("bench_new", on: bench)
        let old = try await age.makeOld("bench_old", on: bench)
        var findings = ScenarioFindings()
        findings.notes = ["age: \(age.description)"]

        let customers = bench.plan.fixedCount(10_000, atLeast: 20)
        let repetitions = bench.plan.fixedCount(20, atLeast: 2)
        var times: [String: [[Double]]] = [:]
        for round in 1...bench.plan.rounds {
            for books in [new, old] {
                bench.progress.show("age: \(books.name), round \(round) of \(bench.plan.rounds)")
                let measured = try await measure(round, customers, repetitions, on: books)
                times[books.name, default: []].append(measured)
            }
        }
        let names = ["\(NumberText.grouped(customers)) customers on old books", "one customer on old books"]
        for (index, name) in names.enumerated() {
            findings.measurements.append(
                Measurement(
                    name,
                    "ms",
                    times[old.name, default: []].map { $0[index] },
                    control: .init("on new books", "ms", times[new.name, default: []].map { $0[index] })
                )
            )
        }
        bench.progress.show("age: the books")
        try await new.check(nil)
        try await new.drop()
        try await old.drop()
        return findings
    }

    /// How long a run of many customers takes, and one of one customer, in the middle of several.
    private func measure(
        _ round: Int,
        _ customers: Int,
        _ repetitions: Int,
        on books: BenchmarkBooks
    ) async throws -> [Double] {
        let prefix = "R\(round)-"
        try await books.addCustomers(to: AgedBooks.legalEntity, prefix: prefix, count: customers)
        try await books.settle()
        let bulk = try await BulkRun(of: AgedBooks.legalEntity, customers: customers, on: books)

        var times: [Double] = []
        try await books.addCustomers(to: AgedBooks.legalEntity, prefix: "S\(round)-", count: repetitions + 2)
        for number in 1...(repetitions + 2) {
            let time = try await HandWorker(books: books).reimburse(
                AgedBooks.legalEntity,
                filter: books.account(number, prefix: "S\(round)-"),
                customers: 1
            )
            if number > 2 { times.append(time.sum) }
        }
        return [bulk.milliseconds, Spread(times).median]
    }
}
