import Foundation
import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The roles of the Compose file")
struct ComposeTests {
    @Test("install the schema, work on it, ask for runs and read, and none of them may more")
    func roles() async throws {
        let cluster = try await PrivateCluster.start()
        let administrator = try await PostgresConnection.connect(
            PostgresConfiguration(database: cluster.connectionString())
        )
        try await administrator.query("CREATE DATABASE reimburse")
        let passwords = ["migrate", "worker", "clerk", "approver"].flatMap { ["--set", "\($0)_password=\($0)"] }
        for _ in 1...2 {
            try await psql(passwords + ["--file", Self.folder + "roles.sql"], as: "postgres", on: cluster)
        }
        func command(_ arguments: String..., user: String) async throws -> CommandRun.Outcome {
            let database = cluster.connectionString(database: "reimburse").replacing(
                "user=postgres",
                with: "user=\(user)"
            )
            return try await CommandRun(arguments + ["--database", database], database: nil).outcome()
        }
        for _ in 1...2 {
            let migration = try await command("migrate", "--owner", "reimburse_owner", user: "reimburse_migrate")
            #expect(migration.status == .exited(0))
            try await psql(["--file", Self.folder + "duties.sql"], as: "reimburse_migrate", on: cluster)
        }
        try await psql(
            ["--command", "select reimbursement.set_up_legal_entity('USMF', 'Contoso', 'USD')"],
            as: "reimburse_migrate",
            on: cluster
        )
        #expect(try await command("enqueue", "--legal-entity", "USMF", user: "clerk").status == .exited(0))
        #expect(try await command("enqueue", "--legal-entity", "USMF", user: "approver").status == .exited(1))
        #expect(try await command("worker", "--drain", user: "clerk").status == .exited(1))
        #expect(try await command("worker", "--drain", user: "reimburse_worker").status == .exited(0))
        #expect(try await command("status", user: "approver").output.contains { $0.contains("completed") })

        let facts = try await administrator.query(
            """
            SELECT string_agg(rolname, ' ' ORDER BY rolname) FILTER (WHERE rolsuper) AS superusers,
                string_agg(rolname, ' ' ORDER BY rolname) FILTER (WHERE NOT rolcanlogin AND rolname LIKE 'reimburse%') AS groups
            FROM pg_roles
            """
        )
        #expect(facts[0].texts == ["postgres", "reimburse_owner"])
        let books = try await PostgresConnection.connect(
            PostgresConfiguration(database: cluster.connectionString(database: "reimburse"))
        )
        let owners = try await books.query(
            """
            SELECT DISTINCT o.owner::regrole
            FROM (
                SELECT relowner AS owner FROM pg_class WHERE relnamespace = 'reimbursement'::regnamespace
                UNION ALL
                SELECT nspowner FROM pg_namespace WHERE nspname = 'reimbursement'
                UNION ALL
                SELECT p.proowner FROM pg_proc AS p
                WHERE p.pronamespace = 'reimbursement'::regnamespace AND p.prosecdef
            ) AS o
            """
        )
        #expect(owners.map(\.texts) == [["reimburse_owner"]])
        await cluster.stop()
    }

    /// The folder that the containers are given.
    private static var folder: String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "sql/compose/").path()
    }

    private func psql(_ arguments: [String], as user: String, on cluster: PrivateCluster) async throws {
        let process = try ChildProcess(
            "psql",
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-h", cluster.folder, "-p", "5432", "-U", user,
                "-d", "reimburse",
            ] + arguments
        )
        #expect(await process.waitForExit() == .exited(0))
    }
}
