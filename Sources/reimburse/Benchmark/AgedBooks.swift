import PostgresClient

/// Books that have been in use for years, or that would be: a legal entity in which a few runs of one customer each
/// were carried out, and all that came of them many times over.
struct AgedBooks {
    /// How often what a few runs have made is there.
    let copies: Int

    private static let customers = 100
    /// The legal entity that is measured.
    static let legalEntity = "AGE"
    /// What the references of everything that is copied begin with.
    private static let mark = "BASE-"

    /// The age that a plan asks for.
    init(_ plan: BenchmarkPlan) {
        copies = plan.count(500, atLeast: 2)
    }

    /// What the old books hold, for a reader.
    var description: String {
        let runs = Self.customers * (copies + 1)
        return """
            old books: \(NumberText.grouped(runs * 10)) settled invoices, \(NumberText.grouped(runs)) reimbursements of \
            two credits each with all their rows, \(NumberText.grouped(runs)) finished runs and jobs, made by copying
            """
    }

    /// Makes the books.
    ///
    /// - Parameters:
    ///   - name: The name of their database.
    ///   - isOld: Whether they get the copies.
    ///   - bench: The workbench.
    /// - Returns: The books.
    /// - Throws: ``UnfinishedWork``, ``/PostgresClient/PostgresError``.
    func make(_ name: String, isOld: Bool, on bench: Workbench) async throws -> BenchmarkBooks {
        let books = try await bench.makeBooks(name)
        let connection = books.connection
        try await connection.query("SELECT bench.set_up(\(Self.legalEntity))")
        try await connection.query(
            "INSERT INTO bench.set_up_tables SELECT bench.filled_tables(\(Self.legalEntity))"
        )
        try await books.addCustomers(to: Self.legalEntity, prefix: Self.mark, count: Self.customers)
        try await connection.query(
            """
            SELECT bench.add_invoices(
                \(Self.legalEntity), \(Self.mark), bench.numbers(1, \(Self.customers)), 10, true)
            """
        )
        try await connection.query(
            """
            SELECT count(reimbursement.enqueue_reimbursement(
                legal_entity_id => legal_entity_id, customer_filter => customer_account,
                idempotency_key => customer_account))
            FROM reimbursement.customers WHERE legal_entity_id = \(Self.legalEntity)
            """
        )
        try await WorkerGroup.drain(1, on: books)
        try await books.verify(Self.legalEntity, runsFrom: 0, customers: Self.customers)
        if isOld {
            try await connection.query("SELECT bench.multiply(\(Self.legalEntity), \(Self.mark), \(copies))")
        }
        try await books.settle()
        return books
    }

    /// What is wrong with old books, as notes; nothing when they are right.
    ///
    /// The copies are made from what the catalog says. Where a rule has been added that they do not fulfil, the figures
    /// are as good as before, and a reader is told.
    ///
    /// - Parameter violations: What `check_books` has found.
    /// - Returns: A note for each rule that is broken.
    /// - Throws: ``/PostgresClient/PostgresError`` for rows of something else.
    func problems(in violations: PostgresRows) throws -> [String] {
        let found: [(rule: String, reference: String)] = try violations.map { row in
            (rule: try row.value("rule"), reference: try row.value("reference"))
        }
        return Dictionary(grouping: found) { $0.rule }.sorted { $0.key < $1.key }.map { rule, found in
            "the old books break the rule \(rule) \(found.count) times, first at \(found[0].reference)"
        }
    }
}
