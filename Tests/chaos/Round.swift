import PostgresClient
import PrivatePostgres
import ReimburseWorker
import TestSupport

/// One company, killed at for a while, then looked at.
struct Round {
    let number: Int
    let seed: UInt64
    let killing: Duration
    let perSecond: Int
    let cluster: PrivateCluster

    /// What became of it.
    struct Outcome {
        let tally: Tally
        let checks: Int
        let jobs: [String: Int]
        let errors: [String: Int]
        /// The seconds from the death of a worker until what it had was found to be lost, in order.
        let found: [Double]
        let seconds: Double
    }

    func run() async throws -> Outcome {
        let tally = Tally()
        let started = ContinuousClock.now
        let name = "round\(number)"
        let root = Session(cluster.connectionString())
        _ = try await root.insist("CREATE DATABASE \(identifier: name) TEMPLATE migrated")
        let database = TestDatabase(on: cluster, named: name)
        let session = Session(database.connectionString)
        try await Company.found(with: session)

        let crew = Crew(database, tally: tally)
        await crew.start()
        let end = ContinuousClock.now + killing
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in 1...4 {
                var somebody = Person(
                    number: person,
                    session: Session(database.connectionString),
                    tally: tally,
                    dice: Dice(seed: seed, round: number, actor: person)
                )
                group.addTask { try await somebody.work(until: end) }
            }
            let host = ProcessName.current.split(separator: "/")[0]
            var killer = Killer(
                crew: crew,
                cluster: cluster,
                session: Session(database.connectionString),
                tally: tally,
                host: String(host),
                dice: Dice(seed: seed, round: number, actor: 0)
            )
            group.addTask { try await killer.work(until: end, perSecond: perSecond) }
            try await group.waitForAll()
        }

        let verdict = Verdict(session: session, tally: tally)
        try await verdict.drain()
        try await verdict.reimburseRest()
        await crew.stop()
        var checks = try await verdict.judgeSessions()
        checks += try await verdict.judge()
        // And that all jobs ended, all workers ended as they should, and no statement failed for another reason.
        checks += 3
        let jobs = try await session.insist(
            "SELECT kind || ' ' || state, count(*) FROM reimbursement.jobs GROUP BY 1 ORDER BY 1"
        )
        let errors = try await session.insist(
            "SELECT kind || ' ' || sqlstate, count(*) FROM reimbursement.job_errors GROUP BY 1 ORDER BY 1"
        )
        let lost = try await session.insist(
            """
            SELECT worker, extract(epoch FROM min(at))::float AS at FROM reimbursement.job_errors
            WHERE kind = 'lost' GROUP BY worker
            """
        )
        let found = lost.compactMap { row -> Double? in
            guard let worker = row.texts[0], let death = tally.deaths[worker] else { return nil }
            return row.texts[1].flatMap(Double.init).map { $0 - death }
        }
        await session.close()
        if tally.violations.isEmpty {
            _ = try await root.insist("DROP DATABASE \(identifier: name) WITH (FORCE)")
        }
        await root.close()
        return Outcome(
            tally: tally,
            checks: checks,
            jobs: Self.counts(jobs),
            errors: Self.counts(errors),
            found: found.sorted(),
            seconds: (ContinuousClock.now - started) / .seconds(1)
        )
    }

    private static func counts(_ rows: PostgresRows) -> [String: Int] {
        Dictionary(rows.map { ($0.texts[0] ?? "", Int($0.texts[1] ?? "") ?? 0) }) { $1 }
    }
}
