import Foundation
import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The README", .timeLimit(.minutes(10)))
struct ReadmeTests {
    private static let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "README.md")

    @Test("its five minutes with psql go as they are written, and print the tables that it shows")
    func walk() async throws {
        let readme = try String(contentsOf: Self.readme, encoding: .utf8)
        let walk = try ReadmeWalk(readme, section: "Five minutes with psql")
        try #require(walk.commands.last == "psql books")
        try #require(walk.steps.contains { $0.table != nil })

        let cluster = try await SharedCluster.task.value
        let outcome = try await walk.run(on: cluster)
        try #require(outcome.status == .exited(0), "\(outcome.errors)")
        try #require(outcome.printed.count == walk.steps.count + 1)
        for (step, printed) in zip(walk.steps, outcome.printed) {
            guard let table = step.table else { continue }
            let rows = table.count - 2
            #expect(printed.suffix(table.count + 1) == table + ["(\(rows) \(rows == 1 ? "row" : "rows"))"])
        }
        #expect(outcome.payments?.hasPrefix("<?xml") == true)

        let connection = try await TestDatabase(on: cluster, named: "books").connect()
        let unfinished = try await connection.query("SELECT run_id FROM reimbursement.runs WHERE state <> 'completed'")
        #expect(unfinished.count == 0)
        let violations = try await connection.query("SELECT rule FROM reimbursement.check_books()")
        #expect(violations.count == 0)
        await connection.close()
    }

    @Test("its roles of production do what they are said to, each his own part")
    func production() async throws {
        let readme = try String(contentsOf: Self.readme, encoding: .utf8)
        let walk = try ReadmeWalk(readme, section: "In production")
        try #require(walk.commands.last == "psql production")

        // A server of its own: the roles are the whole server's.
        let cluster = try await PrivateCluster.start()
        let outcome = try await walk.run(on: cluster)
        try #require(outcome.status == .exited(0), "\(outcome.errors)")
        #expect(outcome.printed.flatMap(\.self).contains("      1 | completed | ann"))
        let connection = try await TestDatabase(on: cluster, named: "production").connect()
        let owners = try await connection.query(
            "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relnamespace = 'reimbursement'::regnamespace"
        )
        #expect(owners.map(\.texts) == [["books_owner"]])
        await connection.close()
        await cluster.stop()
    }
}
