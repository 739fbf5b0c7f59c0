import PostgresClient
import PrivatePostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The control of single runs: jobs that do nothing, in two durable transactions each.
struct EmptyJobs {
    /// The books whose database they are in.
    let books: BenchmarkBooks

    /// How the control is called in reports.
    static let name = "an empty job, claimed and completed by pgbench"

    /// What a client of pgbench does again and again.
    private static let script = """
        update bench.empty_jobs set state = 'running', claimed_at = clock_timestamp()
        where job_id = (
            select job_id from bench.empty_jobs where state = 'ready' order by job_id
            for no key update skip locked limit 1
        )
        returning job_id \\gset
        update bench.empty_jobs set state = 'completed', finished_at = clock_timestamp() where job_id = :job_id;
        """

    /// How many jobs a second pgbench claims and completes.
    ///
    /// - Parameters:
    ///   - clients: How many clients do so at the same time.
    ///   - seconds: For how long.
    /// - Returns: Jobs a second.
    /// - Throws: ``UnfinishedWork`` when there is no pgbench, or when it failed.
    func rate(clients: Int, seconds: Int) async throws -> Double {
        let program = try await pgbench()
        try await books.connection.query("SELECT bench.fill_empty_jobs(\(20_000 * seconds * clients))")
        try await books.connection.query("VACUUM (ANALYZE) bench.empty_jobs")
        try await books.connection.query("CHECKPOINT")
        let script = try TextFile.writeTemporary(Self.script + "\n")
        defer { unlink(script) }
        let pipe = try Pipe()
        defer { close(pipe.writeEnd) }
        let process = try ChildProcess(
            program,
            [
                "-n", "-f", script, "-c", "\(clients)", "-j", "\(clients)", "-T", "\(seconds)",
                "-h", books.bench.cluster.folder, "-p", "5432", "-U", "postgres", books.name,
            ],
            standardOutput: pipe.writeEnd,
            standardError: pipe.writeEnd
        )
        let status = await process.waitForExit()
        close(pipe.writeEnd)
        let lines = await LineReader(descriptor: pipe.readEnd).rest()
        guard status == .exited(0), let rate = lines.lazy.compactMap(Self.rate(inLine:)).first else {
            throw UnfinishedWork("pgbench failed: \(lines.joined(separator: "\n"))")
        }
        return rate
    }

    /// How long one job takes on a session that there is, step by step, each a durable transaction.
    func alone() async throws -> [Double] {
        let connection = books.connection
        var job: Int64 = 0
        let enqueue = try await Stopwatch.milliseconds {
            job = try await connection.query("INSERT INTO bench.empty_jobs DEFAULT VALUES RETURNING job_id")[0]
                .value("job_id")
        }
        let claim = try await Stopwatch.milliseconds {
            try await connection.query(
                """
                UPDATE bench.empty_jobs SET state = 'running', claimed_at = clock_timestamp()
                WHERE job_id = (
                    SELECT job_id FROM bench.empty_jobs WHERE state = 'ready' ORDER BY job_id
                    FOR NO KEY UPDATE SKIP LOCKED LIMIT 1
                )
                """
            )
        }
        let complete = try await Stopwatch.milliseconds {
            try await connection.query(
                """
                UPDATE bench.empty_jobs SET state = 'completed', finished_at = clock_timestamp()
                WHERE job_id = \(job)
                """
            )
        }
        return [enqueue, claim, complete]
    }

    /// The rate in a line such as `tps = 2716.9 (without initial connection time)`.
    private static func rate(inLine line: String) -> Double? {
        guard line.hasPrefix("tps = ") else { return nil }
        return Double(line.dropFirst("tps = ".count).prefix { $0 != " " })
    }

    /// Where pgbench is: beside the server's own programs.
    private func pgbench() async throws -> String {
        let folder: String = try await books.connection.query(
            "SELECT setting FROM pg_config WHERE name = 'BINDIR'"
        )[0].value("setting")
        let program = "\(folder)/pgbench"
        guard access(program, X_OK) == 0 else {
            throw UnfinishedWork(
                """
                there is no pgbench in \(folder), which the scenario \(ScenarioName.single.rawValue) needs. \
                It comes with PostgreSQL's server package, in some systems as postgresql-contrib; --only measures \
                without it
                """
            )
        }
        return program
    }
}
