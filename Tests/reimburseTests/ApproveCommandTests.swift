import PostgresClient
import PrivatePostgres
import TestSupport
import Testing

@Suite("The commands approve and reject", .timeLimit(.minutes(10)))
struct ApproveCommandTests {
    /// Books in which every reimbursement takes two approvals, and persons who may give them.
    private struct Company {
        let books: Books
        let database: String

        init(customers: Int) async throws {
            books = try await Books(customers: customers, in: .migrated())
            database = try await books.value("SELECT current_database()") ?? ""
            for person in ["anna", "ben"] {
                try await books.connection.query(
                    """
                    CREATE ROLE \(identifier: "\(database)_\(person)") LOGIN;
                    SELECT reimbursement.grant_duty(\("\(database)_\(person)")::name, 'approver', 'USMF')
                    """
                )
            }
            try await books.connection.query(
                "INSERT INTO reimbursement.approval_rules VALUES ('USMF', 'reimbursement', 20, 2)"
            )
        }

        /// Runs the command as one of the persons.
        func run(as person: String, _ arguments: String...) async throws -> CommandRun.Outcome {
            let login = "\(books.database.connectionString) user='\(database)_\(person)'"
            return try await CommandRun(arguments + ["--database", login], database: nil).outcome()
        }
    }

    @Test("shows what waits for whom and what it would do, and lets it go with the last approval")
    func approve() async throws {
        let company = try await Company(customers: 2)
        let run = try await company.books.enqueue()
        let waiting = try await CommandRun(["status", "--approvals"], database: company.books.database).outcome()
        #expect(waiting.status == .exited(0))
        let columns = try #require(waiting.output.first).split(separator: "\t").map(String.init)
        let row = try #require(waiting.output.last).split(separator: "\t", omittingEmptySubsequences: false)
        let values = Dictionary(uniqueKeysWithValues: zip(columns, row.map(String.init)))
        #expect(values["run_id"] == "\(run)")
        #expect(values["accounting_amount"] == "20.00")
        #expect(values["approvals_given"] == "0" && values["approvals_needed"] == "2")
        #expect(values["waits_for"] == "\(company.database)_anna, \(company.database)_ben")

        let preview = try await company.run(as: "anna", "approve", "\(run)", "--preview")
        #expect(preview.status == .exited(0))
        #expect(preview.output.count == 3)
        #expect(preview.output[1].contains("customer C1: USD 10.00 to a new vendor Customer 1"))

        let own = try await CommandRun(["approve", "\(run)"], database: company.books.database).outcome()
        #expect(own.status == .exited(1))
        #expect(own.output.isEmpty)
        #expect(own.errors.first?.contains("nobody votes on a run of his own") == true)

        let digest = try #require(values["digest"])
        let first = try await company.run(as: "anna", "approve", "\(run)", "--digest", digest, "--note", "as agreed")
        #expect(first.status == .exited(0))
        #expect(first.output == ["awaiting_approval (1 of 2)"])
        let again = try await company.run(as: "anna", "approve", "\(run)")
        #expect(again.status == .exited(1))
        #expect(again.errors.first?.contains("has approved run \(run) already") == true)
        let stale = try await company.run(as: "ben", "approve", "\(run)", "--digest", "0")
        #expect(stale.status == .exited(1))
        #expect(stale.output.isEmpty)
        let second = try await company.run(as: "ben", "approve", "\(run)")
        #expect(second.output == ["ready"])

        try await company.books.carryOut()
        #expect(try await company.books.value("SELECT state FROM reimbursement.runs") == "completed")
        #expect(
            try await company.books.value("SELECT note FROM reimbursement.run_approvals WHERE note IS NOT NULL")
                == "as agreed"
        )
    }

    @Test("rejects a run for a reason, which whoever asked for it reads")
    func reject() async throws {
        let company = try await Company(customers: 2)
        let run = try await company.books.enqueue()
        let outcome = try await company.run(as: "ben", "reject", "\(run)", "--reason", "C1 is disputed")
        #expect(outcome.status == .exited(0))
        #expect(outcome.output == ["cancelled"])
        let status = try await CommandRun(["status"], database: company.books.database).outcome()
        #expect(status.output.last?.contains("cancelled") == true)
        #expect(status.output.last?.contains("C1 is disputed") == true)
        let late = try await company.run(as: "anna", "approve", "\(run)")
        #expect(late.status == .exited(1))
        #expect(late.errors.first?.contains("does not wait for approval: it is cancelled") == true)
        let none = try await CommandRun(
            ["status", "--approvals", "--format", "table"],
            database: company.books.database
        ).outcome()
        #expect(none.output == ["No run waits for approval."])
    }

    @Test("a worker fails a job that is not what was approved at its first attempt, and says what differs")
    func changed() async throws {
        let company = try await Company(customers: 2)
        let run = try await company.books.enqueue()
        for person in ["anna", "ben"] {
            #expect(try await company.run(as: person, "approve", "\(run)").status == .exited(0))
        }
        try await company.books.connection.query(
            "UPDATE reimbursement.customers SET iban = 'DE89370400440532013000' WHERE customer_account = 'C1'"
        )
        try await company.books.carryOut()
        let rows = try await company.books.connection.query("SELECT sqlstate, message FROM reimbursement.job_errors")
        #expect(rows.count == 1)
        #expect(try rows[0].value("sqlstate", as: String.self) == "RB053")
        #expect(try rows[0].value("message", as: String.self).contains("Customer 1, DE89…3000"))
        let waiting = try await CommandRun(["status", "--format", "table"], database: company.books.database).outcome()
        #expect(!waiting.output.contains("Waiting for approval:"))
        try await company.books.connection.query("SELECT reimbursement.retry_run(\(run))")
        let anew = try await CommandRun(["status", "--format", "table"], database: company.books.database).outcome()
        #expect(anew.output.contains("Waiting for approval:"))
    }
}
