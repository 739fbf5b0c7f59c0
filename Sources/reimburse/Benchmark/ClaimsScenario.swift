import PostgresClient

/// A claim on a queue that has seen nothing, against one with many finished jobs, and one where a snapshot is held.
struct ClaimsScenario: BenchmarkScenario {
    private static let legalEntity = "CLAIMS"

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let finished = bench.plan.count(200_000)
        let churned = bench.plan.count(20_000, atMost: 100_000)
        let claims = bench.plan.fixedCount(200, atLeast: 10)

        let empty = try await makeBooks("bench_claims_empty", on: bench)
        let old = try await makeBooks("bench_claims_old", on: bench)
        bench.progress.show("claims: making \(NumberText.grouped(finished)) finished jobs")
        try await old.connection.query("SELECT bench.add_finished_jobs(\(Self.legalEntity), \(finished))")
        // As workers do: the partitions that are full are known to be.
        for _ in 1...2 { try await old.connection.query("SELECT reimbursement.tend_jobs()") }
        try await old.settle()
        let held = try await makeBooks("bench_claims_held", on: bench)
        let holder = try await bench.connect(to: held.name)
        try await holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try await holder.query("SELECT count(*) AS jobs FROM reimbursement.jobs")
        bench.progress.show("claims: \(NumberText.grouped(churned)) jobs under a held snapshot")
        try await churn(churned, on: held)

        var times: [String: [Double]] = [:]
        for round in 0...bench.plan.rounds {
            for books in [empty, old, held] {
                bench.progress.show("claims: \(books.name), round \(round) of \(bench.plan.rounds)")
                let measured = try await self.claims(claims, on: books)
                // The first round fills the caches, and makes statistics that plans of an empty table do not have.
                if round > 0 { times[books.name, default: []].append(measured) } else { try await books.settle() }
            }
        }
        try await holder.query("ROLLBACK")
        await holder.close()
        for books in [empty, old, held] {
            try await books.check(nil)
            try await books.drop()
        }
        let control = Measurement.Control("on an empty queue", "ms", times[empty.name, default: []])
        return ScenarioFindings(
            measurements: [
                Measurement(
                    "a claim after \(NumberText.grouped(finished)) finished jobs",
                    "ms",
                    times[old.name, default: []],
                    control: control
                ),
                Measurement(
                    "a claim after \(NumberText.grouped(churned)) jobs under a held snapshot",
                    "ms",
                    times[held.name, default: []],
                    control: control
                ),
            ],
            notes: ["claims: the median of \(claims) claims of one job each, a round, without their commits"]
        )
    }

    private func makeBooks(_ name: String, on bench: Workbench) async throws -> BenchmarkBooks {
        let books = try await bench.makeBooks(name)
        try await books.connection.query("SELECT bench.set_up(\(Self.legalEntity))")
        try await books.settle()
        return books
    }

    /// Enqueues, claims and completes jobs, a thousand at a time.
    private func churn(_ jobs: Int, on books: BenchmarkBooks) async throws {
        var left = jobs
        while left > 0 {
            let some = min(left, 1000)
            try await books.connection.query("SELECT bench.add_ready_jobs(\(Self.legalEntity), \(some))")
            let claimed = try await books.connection.query(
                "SELECT count(*) AS jobs FROM reimbursement.claim_passes('bench', \(some), 1)"
            )
            guard try claimed[0].value("jobs") == some else { throw UnfinishedWork("not all jobs were claimed") }
            try await complete(some, on: books)
            left -= some
        }
    }

    /// How long a claim of one job takes, the median of several.
    private func claims(_ count: Int, on books: BenchmarkBooks) async throws -> Double {
        let connection = books.connection
        try await connection.query("SELECT bench.add_ready_jobs(\(Self.legalEntity), \(count))")
        var times: [Double] = []
        for _ in 1...count {
            try await connection.query("BEGIN")
            var claimed: PostgresRows?
            let time = try await Stopwatch.milliseconds {
                claimed = try await connection.query("SELECT job_id FROM reimbursement.claim_jobs('bench', 1)")
            }
            try await connection.query("COMMIT")
            guard claimed?.count == 1 else { throw UnfinishedWork("a claim on \(books.name) found no job") }
            times.append(time)
        }
        try await complete(count, on: books)
        return Spread(times).median
    }

    private func complete(_ jobs: Int, on books: BenchmarkBooks) async throws {
        let ended: Int = try await books.connection.query("SELECT bench.complete_jobs() AS jobs")[0].value("jobs")
        guard ended == jobs else { throw UnfinishedWork("\(ended) of \(jobs) jobs were completed") }
    }
}
