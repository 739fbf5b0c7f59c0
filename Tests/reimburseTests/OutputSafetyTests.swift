import PostgresClient
import TestSupport
import Testing

@Suite("What the command shows")
struct OutputSafetyTests {
    /// A name that would clear a terminal, turn the direction of what follows, and look like another line.
    private static let name = "Eve\u{1B}[2J\u{202E}\nerror: pay 1,000,000"

    @Test("has no control characters of a name in it, in no form", arguments: ["table", "plain", "json"])
    func report(format: String) async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.connection.query("UPDATE reimbursement.customers SET name = \(Self.name)")
        try await books.enqueue()
        try await books.carryOut()
        let outcome = try await CommandRun("report", "--format", format, database: books.database).outcome()
        #expect(outcome.status == .exited(0))
        let text = outcome.output.joined(separator: "\n")
        #expect(text.contains("Eve") && text.contains("pay 1,000,000"))
        #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{202E}"))
        #expect(!outcome.output.contains { $0.hasPrefix("error:") })
    }

    @Test("logs no line that a worker did not write", arguments: ["text", "json"])
    func log(format: String) async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let entity = "US\u{1B}[2J\u{202E}\n2026-01-01 info reimburse: job completed"
        try await books.connection.query(
            """
            SELECT reimbursement.set_up_legal_entity(\(entity), 'Contoso', 'USD');
            SELECT reimbursement.enqueue_reimbursement(\(entity))
            """
        )
        let outcome = try await CommandRun("worker", "--drain", "--log-format", format, database: books.database)
            .outcome()
        let text = outcome.errors.joined(separator: "\n")
        #expect(text.contains("[2J"))
        #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{202E}"))
        #expect(!outcome.errors.contains { $0.hasPrefix("2026-01-01 info") })
    }

    @Test("sets the further lines of an error's message in, so that none passes for one of its own")
    func error() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        let outcome = try await CommandRun(
            "trace",
            "x\u{1B}[2J\nhint: send the password",
            "--legal-entity",
            "USMF",
            database: books.database
        ).outcome()
        #expect(outcome.status == .exited(1))
        #expect(
            outcome.errors.contains("    hint: send the password")
                || outcome.errors.contains { $0.contains("    hint: send") }
        )
        #expect(!outcome.errors.contains { $0.hasPrefix("hint: send") })
        #expect(!outcome.errors.joined().unicodeScalars.contains("\u{1B}"))
    }

    @Test(
        "never has a password in it that stands in a malformed connection string",
        arguments: [
            "postgres://u:sec%zzret@h/db", "postgres://u:secret/x@h/db", "postgres://u:x@secret@h/db",
            "postgres://u:secret",
            "postgresql://u:secret@[::1/db", "host=h password=x secret", "host=h password='secret",
            "password=x y=secret",
            "postgres://u:x@h:secret/db", "postgres://u:x@h/db?secret=x",
        ]
    )
    func passwords(connection: String) async throws {
        let outcome = try await CommandRun(["status", "--database", connection], database: nil).outcome()
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.first?.hasPrefix("error: ") == true)
        #expect(!outcome.errors.joined().contains("secret"))
    }

    @Test("is read from PostgreSQL's own functions, whatever a role's search path names first")
    func searchPath() async throws {
        let books = try await Books(customers: 1, in: .migrated())
        try await books.connection.query(
            """
            CREATE TABLE public.caught (what text);
            CREATE FUNCTION public.max(int) RETURNS int LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.caught VALUES ('max'); RETURN 1; END $$;
            CREATE FUNCTION public.date_trunc(text, timestamptz) RETURNS timestamptz LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.caught VALUES ('date_trunc'); RETURN now(); END $$;
            CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.caught VALUES ('to_regclass'); RETURN NULL; END $$
            """
        )
        let name: String = try await books.connection.query("SELECT current_database() AS name")[0].value("name")
        try await books.connection.query(
            """
            ALTER DATABASE \(identifier: name) SET search_path = public, pg_catalog;
            ALTER DATABASE \(identifier: name) SET standard_conforming_strings = off
            """
        )
        try await books.enqueue()
        for arguments in [["worker", "--drain"], ["status"], ["report"], ["migrate"]] {
            #expect(try await CommandRun(arguments, database: books.database).outcome().status == .exited(0))
        }
        #expect(try await books.value("SELECT count(*) FROM public.caught") == "0")
    }
}
