import PostgresClient
import TestSupport
import Testing

@testable import ReimburseSchema

@Suite("An upgrade to jobs in partitions")
struct JobPartitionUpgradeTests {
    @Test("keeps every job and error where it lies, and the runs as they are")
    func nothingIsCopied() async throws {
        let books = try await VersionFourteenBooks()
        try await books.connection.query(
            """
            INSERT INTO reimbursement.job_errors (legal_entity_id, job_id, attempt, kind, message)
            VALUES ('USMF', 1, 1, 'failed', 'it was tried again')
            """
        )
        let jobs: SQL = """
            SELECT legal_entity_id, job_id, run_id, state, attempt, run_at, finished_at, processed, accounting_amount
            FROM reimbursement.jobs ORDER BY job_id
            """
        let runs: SQL = "SELECT run_id, state, jobs, jobs_completed, error FROM reimbursement.runs ORDER BY run_id"
        let (jobsBefore, runsBefore) = (try await books.rows(jobs), try await books.rows(runs))
        let tables = try await books.rows(
            "SELECT 'reimbursement.jobs'::regclass::oid, 'reimbursement.job_errors'::regclass::oid"
        )
        try await books.upgrade()

        #expect(try await books.rows(jobs) == jobsBefore)
        #expect(try await books.rows(runs) == runsBefore)
        #expect(
            try await books.rows(
                "SELECT 'reimbursement.jobs_1'::regclass::oid, 'reimbursement.job_errors_1'::regclass::oid"
            ) == tables
        )
        #expect(try await books.rows("SELECT message FROM reimbursement.job_errors") == [["it was tried again"]])
        let partitions = try await books.rows(
            "SELECT partition_number, first_job_id, last_job_id, state FROM reimbursement.job_partitions ORDER BY 1"
        )
        #expect(partitions == [["1", nil, "2000000", "filling"], ["2", "2000001", "4000000", "filling"]])
    }

    @Test("numbers the next job after the last")
    func numbersGoOn() async throws {
        let books = try await VersionFourteenBooks()
        try await books.connection.query("SELECT setval('reimbursement.jobs_job_id_seq', 2234567)")
        try await books.upgrade()
        try await books.connection.query("SELECT reimbursement.enqueue_reimbursement('USMF', '2024-08-31')")
        let last = try await books.rows("SELECT max(job_id) FROM reimbursement.jobs")
        #expect(last == [["2234568"]])
        #expect(
            try await books.rows("SELECT last_job_id FROM reimbursement.job_partitions WHERE partition_number = 1")
                == [["4000000"]]
        )
    }

    @Test("names a view of somebody's that reads jobs, and changes nothing")
    func foreignView() async throws {
        let books = try await VersionFourteenBooks()
        try await books.connection.query("CREATE VIEW failed_jobs AS SELECT job_id FROM reimbursement.jobs")
        let error = await #expect(throws: (any Error).self) { try await books.upgrade() }
        #expect("\(error.map { "\($0)" } ?? "")".contains("failed_jobs"))
        #expect(try await SchemaVersion.installed(on: books.connection) == 14)
        try await books.connection.query("DROP VIEW failed_jobs")
        try await books.upgrade()
        #expect(try await books.violations() == [])
    }
}
