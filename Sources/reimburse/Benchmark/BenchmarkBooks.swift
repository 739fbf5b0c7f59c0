import PostgresClient

/// Books to measure on, in a database of their own.
final class BenchmarkBooks: Sendable {
    /// The workbench that they stand on.
    let bench: Workbench
    /// The name of the database.
    let name: String
    /// A session there.
    let connection: PostgresConnection

    /// Books in a database that has the schema already.
    init(bench: Workbench, name: String, connection: PostgresConnection) {
        self.bench = bench
        self.name = name
        self.connection = connection
    }

    /// Removes the books with their database.
    func drop() async throws {
        await connection.close()
        try await bench.server.query("DROP DATABASE \(identifier: name) WITH (FORCE)")
    }

    /// Leaves nothing to be done behind: statistics are there, and what was written is on disk.
    ///
    /// - Parameter schema: The schema that was written to.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func settle(_ schema: String = "reimbursement") async throws {
        let tables = try await connection.query(
            "SELECT relname FROM pg_class WHERE relnamespace = \(schema)::regnamespace AND relkind = 'r'"
        ).map { row -> SQL in "\(identifier: schema).\(identifier: try row.value("relname"))" }
        try await connection.query("VACUUM (ANALYZE) \(SQL(joining: tables, separator: ", "))")
        try await connection.query("CHECKPOINT")
    }

    // MARK: - Companies

    /// Adds a legal entity whose customers have two credits each; every other one has a vendor.
    func addCompany(_ legalEntity: String, customers: Int) async throws {
        try await connection.query("SELECT bench.set_up(\(legalEntity))")
        try await addCustomers(to: legalEntity, prefix: "C", count: customers)
    }

    /// Adds customers with two credits each to a legal entity.
    ///
    /// - Parameters:
    ///   - legalEntity: The legal entity.
    ///   - prefix: What their accounts begin with.
    ///   - count: How many.
    ///   - vendorEvery: Every which of them has a vendor.
    /// - Throws: ``/PostgresClient/PostgresError``.
    func addCustomers(to legalEntity: String, prefix: String, count: Int, vendorEvery: Int = 2) async throws {
        try await connection.query("SELECT bench.add_customers(\(legalEntity), \(prefix), 1, \(count), \(vendorEvery))")
        try await connection.query(
            "SELECT bench.add_credits(\(legalEntity), \(prefix), bench.numbers(1, \(count)), 2, 'first')"
        )
    }

    /// The account of a customer.
    func account(_ number: Int, prefix: String = "C") -> String {
        prefix + String(repeating: "0", count: 7 - String(number).count) + String(number)
    }

    // MARK: - Runs

    /// Enqueues a reimbursement run.
    func enqueue(_ legalEntity: String, filter: String? = nil, batches: Int = 1) async throws -> Int64 {
        try await connection.query(
            """
            SELECT reimbursement.enqueue_reimbursement(
                legal_entity_id => \(legalEntity), customer_filter => \(filter), batches => \(batches)) AS run_id
            """
        )[0].value("run_id")
    }

    /// Enqueues a run that a query names.
    func enqueue(_ call: SQL) async throws -> Int64 {
        try await connection.query("SELECT reimbursement.\(call) AS run_id")[0].value("run_id")
    }

    /// Waits until all jobs of runs have ended.
    ///
    /// - Parameters:
    ///   - runs: The runs with their legal entities.
    ///   - interval: How often to look.
    /// - Throws: ``UnfinishedWork`` when a job failed, ``/PostgresClient/PostgresError``.
    func waitForEnd(of runs: [(legalEntity: String, run: Int64)], lookingEvery interval: Duration) async throws {
        let entities = SQL(joining: runs.map { "\($0.legalEntity)" }, separator: ", ")
        let numbers = SQL(joining: runs.map { "\($0.run)" }, separator: ", ")
        while true {
            let rows = try await connection.query(
                """
                SELECT count(*) FILTER (WHERE state IN ('failed', 'cancelled')) AS failed, max(last_error) AS error,
                    count(*) FILTER (WHERE state <> 'completed') AS unfinished
                FROM reimbursement.jobs
                WHERE legal_entity_id IN (\(entities)) AND run_id IN (\(numbers))
                """
            )
            if try rows[0].value("failed") > 0 {
                let error = try rows[0].optional("error", as: String.self)
                throw UnfinishedWork("a job failed: \(error ?? "nobody knows why")")
            }
            if try rows[0].value("unfinished") == 0 { return }
            try await Task.sleep(for: interval)
        }
    }

    /// Makes sure that runs did what they should.
    ///
    /// - Parameters:
    ///   - legalEntity: Their legal entity.
    ///   - first: The first of them.
    ///   - customers: How many customers they reimburse together.
    /// - Throws: ``UnfinishedWork`` when they did not.
    func verify(_ legalEntity: String, runsFrom first: Int64, customers: Int) async throws {
        let row = try await connection.query(
            """
            SELECT coalesce(sum(customers_reimbursed), 0) AS customers, count(*) FILTER (WHERE state <> 'completed')
                AS unfinished
            FROM reimbursement.runs
            WHERE legal_entity_id = \(legalEntity) AND run_id >= \(first) AND kind = 'reimbursement'
            """
        )[0]
        let (reimbursed, unfinished): (Int, Int) = (try row.value("customers"), try row.value("unfinished"))
        guard reimbursed == customers, unfinished == 0 else {
            throw UnfinishedWork(
                "\(legalEntity): \(reimbursed) of \(customers) customers were reimbursed, \(unfinished) runs unfinished"
            )
        }
    }

    /// Makes sure that a legal entity's books, or all, are right.
    ///
    /// - Throws: ``UnfinishedWork`` when they are not.
    func check(_ legalEntity: String?) async throws {
        let rows = try await connection.query(Queries.violations(legalEntity: legalEntity))
        guard let first = rows.first else { return }
        let texts = first.texts.map { $0 ?? "" }.joined(separator: " · ")
        throw UnfinishedWork("the books are wrong in \(rows.count) places, the first: \(texts)")
    }
}
