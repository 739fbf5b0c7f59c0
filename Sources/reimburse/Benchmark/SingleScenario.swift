import PostgresClient

/// Runs of one customer each, many of them, drained by worker processes: against jobs that do nothing.
struct SingleScenario: BenchmarkScenario {
    private static let seconds = 3

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        bench.progress.show("single: how many runs can be measured in a few seconds")
        let books = try await bench.makeBooks("bench_single")
        let trial = bench.plan.fixedCount(40, atLeast: 5)
        let trialRate = try await drain(trial, customers: max(trial, 500), as: "TRIAL", workers: 1, on: books)
        let longest = bench.plan.count(2000, atLeast: trial)
        let runs = min(max(Int(trialRate * Double(bench.plan.fixedCount(Self.seconds))), trial), longest)

        let seconds = bench.plan.fixedCount(Self.seconds)
        var emptyJobs: [Double] = []
        var rates: [Int: [Double]] = [:]
        for round in 1...bench.plan.rounds {
            bench.progress.show("single: round \(round) of \(bench.plan.rounds), \(runs) runs")
            emptyJobs.append(try await EmptyJobs(books: books).rate(clients: 1, seconds: seconds))
            for workers in [1, 2] {
                let legalEntity = "R\(round)W\(workers)"
                let rate = try await drain(
                    runs,
                    customers: max(runs, 500),
                    as: legalEntity,
                    workers: workers,
                    on: books
                )
                rates[workers, default: []].append(rate)
            }
        }
        bench.progress.show("single: the books")
        try await books.check("TRIAL")
        try await books.drop()

        let control = Measurement.Control(EmptyJobs.name, "jobs/s", emptyJobs)
        let (one, two) = (rates[1] ?? [], rates[2] ?? [])
        return ScenarioFindings(
            measurements: [
                Measurement("one worker", "runs/s", one, control: control),
                Measurement("two workers", "runs/s", two, control: control),
                Measurement("two workers", "runs/s", two, control: .init("one worker", "runs/s", one)),
            ],
            notes: ["single: \(runs) runs of one customer each, in a legal entity of \(max(runs, 500)) customers"]
        )
    }

    /// Enqueues a run for each of some customers and has workers carry them out.
    ///
    /// - Returns: Runs a second, from the first claim to the last end.
    private func drain(
        _ runs: Int,
        customers: Int,
        as legalEntity: String,
        workers: Int,
        on books: BenchmarkBooks
    ) async throws -> Double {
        try await books.addCompany(legalEntity, customers: customers)
        let first: Int64 = try await books.connection.query(
            """
            SELECT min(reimbursement.enqueue_reimbursement(
                legal_entity_id => c.legal_entity_id, customer_filter => c.customer_account)) AS run_id
            FROM (
                SELECT legal_entity_id, customer_account FROM reimbursement.customers
                WHERE legal_entity_id = \(legalEntity) ORDER BY customer_account LIMIT \(runs)
            ) AS c
            """
        )[0].value("run_id")
        try await books.settle()
        try await WorkerGroup.drain(workers, on: books)
        try await books.verify(legalEntity, runsFrom: first, customers: runs)
        let microseconds: Int64 = try await books.connection.query(
            """
            SELECT (extract(epoch FROM max(finished_at) - min(claimed_at)) * 1000000)::bigint AS microseconds
            FROM reimbursement.jobs WHERE legal_entity_id = \(legalEntity) AND run_id >= \(first)
            """
        )[0].value("microseconds")
        return Double(runs) / (Double(microseconds) / 1e6)
    }
}
