import PostgresClient

/// The floors under a run: the rows that it wrote, written again by plain statements into copies of the tables.
struct WriteFloor {
    /// The books of the run.
    let books: BenchmarkBooks
    /// The legal entity of the run.
    let legalEntity: String

    /// What the copies have.
    enum Kind: CaseIterable, Sendable {
        /// The same checks, indexes and generated columns.
        case write
        /// Nothing but primary keys.
        case lean

        /// How the control is called in reports.
        var name: String {
            switch self {
            case .write: "write floor: same indexes and checks"
            case .lean: "lean floor: primary keys alone"
            }
        }
    }

    /// Keeps what is there before the run.
    func keepBefore() async throws {
        try await books.connection.query("SELECT bench.keep_before(\(legalEntity))")
    }

    /// Keeps what the run has written.
    func keepWritten() async throws {
        try await books.connection.query("SELECT bench.keep_written(\(legalEntity))")
    }

    /// Writes the rows of the run again, in one transaction.
    ///
    /// - Parameter kind: What the copies have.
    /// - Returns: How long it took, in milliseconds, and what the server did.
    /// - Throws: ``UnfinishedWork`` when the copies do not hold the same rows, ``/PostgresClient/PostgresError``.
    func write(_ kind: Kind) async throws -> (milliseconds: Double, activity: ServerActivity) {
        let connection = books.connection
        try await connection.query("SELECT bench.make_floor(\(kind == .lean))")
        let statements: String = try await connection.query("SELECT bench.floor_statements() AS statements")[0]
            .value("statements")
        try await books.settle("floor")
        let before = try await ServerActivity.now(on: connection)
        let milliseconds = try await Stopwatch.milliseconds {
            try await connection.query(SQL(script: "BEGIN; \(statements); COMMIT"))
        }
        let activity = try await ServerActivity.now(on: connection) - before
        let differences = try await connection.query("SELECT * FROM bench.floor_differences(\(legalEntity))")
        guard differences.isEmpty else {
            throw UnfinishedWork("the floor does not hold the rows of the run, in \(differences.count) tables")
        }
        return (milliseconds, activity)
    }

    /// Removes the copies.
    func drop() async throws {
        try await books.connection.query("SELECT bench.drop_floors()")
    }
}
