import PostgresClient

/// What follows a reimbursement, and what is asked about it, on old books: against the reimbursement itself.
struct RestScenario: BenchmarkScenario {
    /// What was found, by name, a value a round.
    private struct Times {
        private(set) var names: [String] = []
        private(set) var values: [String: [Double]] = [:]

        mutating func add(_ name: String, _ milliseconds: Double) {
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(milliseconds)
        }
    }

    private static let entity = AgedBooks.legalEntity
    /// A check of everything takes its time.
    private static let mostRounds = 2

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let age = AgedBooks(bench.plan)
        bench.progress.show("rest: making old books")
        let books = try await age.makeOld("bench_rest", on: bench)
        let customers = bench.plan.fixedCount(2000, atLeast: 20)
        var findings = ScenarioFindings(notes: ["rest: \(age.description)"])
        let checksRuns = try await canCheckRuns(on: books)
        if !checksRuns { findings.notes.append("rest: check_books(run_id => …) is not there and was left out") }

        var times = Times()
        var reimbursements: [Double] = []
        let rounds = min(bench.plan.rounds, Self.mostRounds)
        for round in 1...rounds {
            bench.progress.show("rest: round \(round) of \(rounds)")
            let reimbursed = try await reimburse(customers, prefix: "P\(round)-", on: books)
            let reversed = try await reimburse(customers, prefix: "Q\(round)-", on: books)
            reimbursements.append((reimbursed.milliseconds + reversed.milliseconds) / 2)
            try await followUp(reimbursed.run, reversed.run, customers, round, on: books, into: &times)
            try await ask(about: reimbursed.run, round, checksRuns, on: books, into: &times)
        }
        findings.notes += try age.problems(in: await books.connection.query(Queries.violations(legalEntity: nil)))
            .map { "rest: \($0)" }
        try await books.drop()
        let control = Measurement.Control(
            "reimbursement of \(NumberText.grouped(customers)) customers",
            "ms",
            reimbursements
        )
        findings.measurements = times.names.map { Measurement($0, "ms", times.values[$0] ?? [], control: control) }
        return findings
    }

    /// Reimburses customers of whom each has a vendor of his own.
    private func reimburse(_ customers: Int, prefix: String, on books: BenchmarkBooks) async throws -> BulkRun {
        try await books.addCustomers(to: Self.entity, prefix: prefix, count: customers, vendorEvery: 1)
        try await books.settle()
        return try await BulkRun(of: Self.entity, filter: "\(prefix)*", customers: customers, on: books)
    }

    private func followUp(
        _ paid: Int64,
        _ reversed: Int64,
        _ customers: Int,
        _ round: Int,
        on books: BenchmarkBooks,
        into times: inout Times
    ) async throws {
        let calls: [(name: String, call: SQL)] = [
            (
                "payment of \(NumberText.grouped(customers)) invoices, with bank file",
                """
                enqueue_vendor_payment(legal_entity_id => \(Self.entity), due_through => current_date + 30,
                    vendor_filter => \("P\(round)-V*"))
                """
            ),
            (
                "reversal of a run of \(NumberText.grouped(customers)) customers",
                "enqueue_reversal(legal_entity_id => \(Self.entity), reason => 'benchmark', run_id => \(reversed))"
            ),
        ]
        for (name, call) in calls {
            let worker = try await WorkerGroup.idle(1, on: books)
            var run: Int64 = 0
            times.add(
                name,
                try await Stopwatch.milliseconds {
                    run = try await books.enqueue(call)
                    try await books.waitForEnd(of: [(Self.entity, run)], lookingEvery: .milliseconds(2))
                }
            )
            try await worker.stop()
            let done: Int = try await books.connection.query(
                """
                SELECT coalesce(sum(CASE r.kind
                    WHEN 'vendor_payment' THEN (SELECT count(*) FROM reimbursement.vendor_payments AS p
                        WHERE p.legal_entity_id = r.legal_entity_id AND p.run_id = r.run_id)
                    ELSE (SELECT count(*) FROM reimbursement.reimbursement_report AS p
                        WHERE p.legal_entity_id = r.legal_entity_id AND p.run_id = \(reversed)
                            AND p.reversed_by IS NOT NULL)
                END), 0) AS done
                FROM reimbursement.runs AS r
                WHERE r.legal_entity_id = \(Self.entity) AND r.run_id = \(run) AND r.state = 'completed'
                """
            )[0].value("done")
            guard done == customers else { throw UnfinishedWork("\(name): only \(done) were done") }
        }
    }

    private func ask(
        about run: Int64,
        _ round: Int,
        _ checksRuns: Bool,
        on books: BenchmarkBooks,
        into times: inout Times
    ) async throws {
        let account = books.account(7, prefix: "P\(round)-")
        var questions: [(name: String, question: SQL)] = [
            ("check_books, everything", "SELECT * FROM reimbursement.check_books()"),
            ("trace of one customer", "SELECT * FROM reimbursement.trace(\(Self.entity), \(account))"),
            ("all runs", "SELECT * FROM reimbursement.runs"),
            ("one run", "SELECT * FROM reimbursement.runs WHERE run_id = \(run)"),
        ]
        if checksRuns {
            questions.insert(
                ("check_books of one run", "SELECT * FROM reimbursement.check_books(run_id => \(run))"),
                at: 1
            )
        }
        for (name, question) in questions {
            var rows = 0
            times.add(
                name,
                try await Stopwatch.milliseconds { rows = try await books.connection.query(question).count }
            )
            guard rows > 0 || name.hasPrefix("check_books") else { throw UnfinishedWork("\(name): not one row") }
        }
    }

    private func canCheckRuns(on books: BenchmarkBooks) async throws -> Bool {
        try await books.connection.query(
            """
            SELECT EXISTS (
                SELECT FROM pg_proc WHERE proname = 'check_books' AND pronamespace = 'reimbursement'::regnamespace
                    AND 'run_id' = ANY (proargnames[1:pronargs])
            ) AS there
            """
        )[0].value("there")
    }
}
