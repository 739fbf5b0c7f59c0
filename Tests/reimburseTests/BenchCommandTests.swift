import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite("The benchmark", .serialized, .timeLimit(.minutes(15)))
struct BenchCommandTests {
    @Test("measures against controls, writes JSON and plots, and leaves nothing behind")
    func tiny() async throws {
        let plots = "/tmp/reimburse-plots-\(getpid())"
        defer {
            for name in ["single", "one", "bulk", "bulk-cost"] { unlink("\(plots)/\(name).svg") }
            unlink("\(plots)/figures.json")
            rmdir(plots)
        }
        let arguments = [
            "bench", "--size", "0.005", "--rounds", "1", "--only", "single,one,bulk", "--format", "json",
            "--plots", plots,
        ]
        let outcome = try await CommandRun(arguments, database: nil).outcome()
        #expect(outcome.errors.isEmpty)
        #expect(outcome.status == .exited(0))

        let connection = try await SharedCluster.connect()
        let report = outcome.output.joined(separator: "\n")
        let row = try await connection.query(
            """
            WITH report AS (SELECT \(report)::jsonb AS r),
                results AS (SELECT x FROM report, jsonb_array_elements(r->'results') AS x)
            SELECT (SELECT r->'conditions'->>'fsync' FROM report) AS fsync,
                (SELECT r->>'rounds' FROM report) AS rounds,
                (SELECT string_agg(DISTINCT x->>'scenario', ',' ORDER BY x->>'scenario') FROM results) AS scenarios,
                (SELECT bool_and(x ?& array['measured', 'unit', 'value', 'control', 'ratio']) FROM results) AS is_whole,
                (SELECT count(*) FROM results WHERE jsonb_typeof(x->'control') = 'object') AS controls,
                (SELECT bool_and((x->'ratio'->>'median')::numeric > 0) FROM results
                    WHERE jsonb_typeof(x->'control') = 'object') AS are_positive
            """
        )[0]
        #expect(row.texts == ["on", "1", "bulk,one,single", "t", "20", "t"])

        #expect(text(of: "\(plots)/figures.json") == report + "\n")
        // An SVG that is no XML would not parse.
        for name in ["single", "one", "bulk", "bulk-cost"] {
            let picture = try #require(text(of: "\(plots)/\(name).svg"))
            let title = try await connection.query(
                """
                SELECT (xpath('//s:text[@class="title"]/text()', \(picture)::xml,
                    array[array['s', 'http://www.w3.org/2000/svg']]))[1]::text AS title
                """
            )[0]
            #expect(try title.value("title", as: String.self).hasPrefix(name.prefix { $0 != "-" } + ": "))
        }
        await connection.close()
    }

    @Test(
        "refuses what it does not know",
        arguments: [["--only", "nothing"], ["--size", "huge"], ["--size", "0"], ["--rounds", "0"], ["--set", "x"]]
    )
    func usage(arguments: [String]) async throws {
        let outcome = try await CommandRun(["bench"] + arguments, database: nil).outcome()
        #expect(outcome.status == .exited(64))
        #expect(outcome.output.isEmpty)
    }

    private func text(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1_000_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
