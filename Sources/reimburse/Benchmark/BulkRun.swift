/// One run of many customers in one batch, carried out by a worker that was idle.
struct BulkRun: Sendable {
    /// How long it took, from before it was enqueued until its job was seen to be completed, in milliseconds.
    let milliseconds: Double
    /// What the server did meanwhile.
    let activity: ServerActivity
    /// The most memory that the worker has had, in bytes; `nil` where that cannot be found out.
    let workerMemory: Double?
    /// The most memory that its busiest session on the server has had, in bytes.
    let sessionMemory: Double?
    /// The run.
    let run: Int64

    /// Measures a run, and makes sure that it did what it should.
    ///
    /// - Parameters:
    ///   - legalEntity: The legal entity.
    ///   - filter: The filter on its customers; everybody unless given.
    ///   - customers: How many customers it reimburses.
    ///   - books: The books.
    /// - Throws: ``UnfinishedWork`` when it reimbursed another number, ``/PostgresClient/PostgresError``.
    init(of legalEntity: String, filter: String? = nil, customers: Int, on books: BenchmarkBooks) async throws {
        let worker = try await WorkerGroup.idle(1, on: books)
        let before = try await ServerActivity.now(on: books.connection)
        let started = ContinuousClock.now
        let run = try await books.enqueue(legalEntity, filter: filter)
        try await books.waitForEnd(of: [(legalEntity, run)], lookingEvery: .milliseconds(2))
        milliseconds = Stopwatch.milliseconds(since: started)
        workerMemory = worker.peakMemory
        sessionMemory = try await worker.peakMemoryOfSessions()
        try await worker.stop()
        activity = try await ServerActivity.now(on: books.connection) - before
        self.run = run
        try await books.verify(legalEntity, runsFrom: run, customers: customers)
    }
}
