import PostgresClient

/// A run of a few customers in companies of different sizes, most of whose customers owe: what the size costs.
///
/// Customers come in blocks of ten. Every twentieth block has credits and owes nothing; of the others, most have three
/// open invoices each. The customers that a run reimburses are given new credits before it, which is not measured.
struct SizeScenario: BenchmarkScenario {
    /// A way to name customers.
    private struct Filter: Sendable {
        let name: String
        let text: String?
        let customers: [Int]
        let isCompared: Bool
    }

    private static let filters = [
        Filter(name: "one account", text: "C0000200", customers: [200], isCompared: true),
        Filter(
            name: "a list of five",
            text: "C0000200,C0000202,C0000204,C0000206,C0000208",
            customers: [200, 202, 204, 206, 208],
            isCompared: true
        ),
        Filter(name: "a range of ten", text: "C0000200..C0000209", customers: Array(200...209), isCompared: true),
        Filter(name: "a prefix of ten", text: "C000020*", customers: Array(200...209), isCompared: true),
        Filter(name: "a suffix", text: "*000200", customers: [200], isCompared: false),
    ]

    func measure(on bench: Workbench) async throws -> ScenarioFindings {
        let books = try await bench.makeBooks("bench_size")
        let sizes = [1000, max(bench.plan.count(100_000, atMost: 1_000_000), 2000)]
        for size in sizes {
            bench.progress.show("size: making a company of \(NumberText.grouped(size)) customers")
            try await makeCompany(size, on: books)
        }
        try await books.settle()

        var findings = ScenarioFindings()
        let repetitions = bench.plan.fixedCount(5, atLeast: 2)
        for filter in Self.filters {
            let times = try await times(of: filter, in: sizes, filter.isCompared ? repetitions : 2, on: books)
            findings.measurements += measurements(of: filter.name, times, isCompared: filter.isCompared)
        }
        findings.measurements += measurements(
            of: "everybody, 50 with credits",
            try await timesOfEverybody(in: sizes, repetitions, on: books),
            isCompared: false
        )
        bench.progress.show("size: the books")
        try await books.check(Self.name(of: sizes[0]))
        try await books.drop()
        findings.notes.append(
            """
            size: enqueue and transfer of one run; 90 % of the customers owe three invoices each, 5 % have credits; \
            \(repetitions) runs a round
            """
        )
        return findings
    }

    private static func name(of size: Int) -> String { "SIZE\(size)" }

    private func makeCompany(_ size: Int, on books: BenchmarkBooks) async throws {
        let legalEntity = Self.name(of: size)
        try await books.connection.query("SELECT bench.set_up(\(legalEntity))")
        try await books.connection.query("SELECT bench.add_customers(\(legalEntity), 'C', 1, \(size))")
        try await books.connection.query(
            """
            SELECT bench.add_credits(\(legalEntity), 'C', array(
                SELECT i FROM generate_series(1, \(size)::int) AS i WHERE i / 10 % 20 = 0), 2, 'first')
            """
        )
        try await books.connection.query(
            """
            SELECT bench.add_invoices(\(legalEntity), 'C', array(
                SELECT i FROM generate_series(1, \(size)::int) AS i WHERE i / 10 % 20 BETWEEN 1 AND 18), 3, false)
            """
        )
    }

    /// How long runs take, by company and round.
    private func times(
        of filter: Filter,
        in sizes: [Int],
        _ repetitions: Int,
        on books: BenchmarkBooks
    ) async throws -> [Int: [Double]] {
        var medians: [Int: [Double]] = [:]
        for round in 1...books.bench.plan.rounds {
            books.bench.progress.show("size: \(filter.name), round \(round) of \(books.bench.plan.rounds)")
            var times: [Int: [Double]] = [:]
            for repetition in 0...repetitions {
                for size in sizes {
                    let time = try await time(filter.text, filter.customers, in: size, on: books)
                    // The first run of a round also reimburses what was there, and warms up.
                    if repetition > 0 { times[size, default: []].append(time) }
                }
            }
            for size in sizes { medians[size, default: []].append(Spread(times[size] ?? []).median) }
        }
        return medians
    }

    /// How long runs without a filter take, where only the same few customers have credits everywhere.
    private func timesOfEverybody(
        in sizes: [Int],
        _ repetitions: Int,
        on books: BenchmarkBooks
    ) async throws -> [Int: [Double]] {
        for size in sizes {
            _ = try await books.enqueue(Self.name(of: size))
            try await WorkerGroup.drain(1, on: books)
        }
        try await books.settle()
        let everybody = Filter(
            name: "everybody",
            text: nil,
            customers: (1..<1000).filter { $0 / 10 % 20 == 0 }.prefix(50).map(\.self),
            isCompared: false
        )
        return try await times(of: everybody, in: sizes, max(repetitions / 4, 1), on: books)
    }

    private func time(
        _ filter: String?,
        _ customers: [Int],
        in size: Int,
        on books: BenchmarkBooks
    ) async throws -> Double {
        let legalEntity = Self.name(of: size)
        let numbers = SQL(joining: customers.map { "\($0)" }, separator: ", ")
        // The references of each time are of their own, by the clock.
        try await books.connection.query(
            "SELECT bench.add_credits(\(legalEntity), 'C', array[\(numbers)]::int[], 1, clock_timestamp()::text)"
        )
        return try await HandWorker(books: books)
            .reimburse(legalEntity, filter: filter, customers: customers.count).enqueueAndTransfer
    }

    private func measurements(of name: String, _ times: [Int: [Double]], isCompared: Bool) -> [Measurement] {
        let sizes = times.keys.sorted()
        let smallest = "\(NumberText.grouped(sizes[0])) customers"
        return sizes.map { size in
            let control = Measurement.Control("of \(smallest)", "ms", times[sizes[0]] ?? [])
            return Measurement(
                "\(name) of \(NumberText.grouped(size)) customers",
                "ms",
                times[size] ?? [],
                control: size > sizes[0] && isCompared ? control : nil
            )
        }
    }
}
