import PostgresClient

/// Books that have been in use for years, or that would be: a legal entity in which a few runs of one customer each
/// were carried out, and all that came of them many times over.
struct AgedBooks {
    /// How often what a few runs have made is there.
    let copies: Int

    private static let customers = 100
    /// The database of the first old books.
    private static let original = "bench_aged"
    /// The legal entity that is measured.
    static let legalEntity = "AGE"
    /// What the references of everything that is copied begin with.
    private static let mark = "BASE-"

    /// How many invoices, settled before they were loaded, each customer has.
    private let invoices: Int

    /// The age that a plan asks for.
    init(_ plan: BenchmarkPlan) {
        copies = plan.count(200, atLeast: 2)
        invoices = plan.size.factor < 20 ? 4 : 10
    }

    /// What the old books hold, for a reader.
    var description: String {
        let runs = Self.customers * (copies + 1)
        return """
            old books: \(NumberText.grouped(runs * invoices)) settled invoices, \(NumberText.grouped(runs)) \
            reimbursements of two credits each with all their rows, \(NumberText.grouped(runs)) finished runs and \
            jobs, made by copying
            """
    }

    /// Makes books that are new but for a few runs.
    func makeNew(_ name: String, on bench: Workbench) async throws -> BenchmarkBooks {
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
                \(Self.legalEntity), \(Self.mark), bench.numbers(1, \(Self.customers)), \(invoices), true)
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
        try await books.settle()
        return books
    }

    /// Makes old books.
    ///
    /// Those that were made first are kept, and copied from then on.
    func makeOld(_ name: String, on bench: Workbench) async throws -> BenchmarkBooks {
        if try await !bench.has(Self.original) {
            let books = try await makeNew(Self.original, on: bench)
            try await books.connection.query(
                "SELECT bench.multiply(\(Self.legalEntity), \(Self.mark), \(copies))"
            )
            try await books.settle()
            await books.connection.close()
            try await bench.waitForSessions(in: Self.original, toBe: 0)
        }
        return try await bench.makeBooks(name, copying: Self.original)
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
