import PostgresClient

/// The books of a legal entity, USMF, in which every customer has a credit of 10.00 USD.
public struct Books: Sendable {
    /// The database with the schema.
    public let database: TestDatabase
    /// A connection of the test's own.
    public let connection: PostgresConnection

    /// Fills a database.
    public init(customers: Int, in database: TestDatabase) async throws {
        self.database = database
        connection = try await database.connect()
        try await connection.query(
            """
            SELECT reimbursement.set_up_legal_entity('USMF', 'Contoso', 'USD');
            INSERT INTO reimbursement.customers (legal_entity_id, customer_account, name)
            SELECT 'USMF', 'C' || i, 'Customer ' || i FROM generate_series(1, \(customers)::int) AS i;
            INSERT INTO reimbursement.customer_transactions
                (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
            SELECT 'USMF', 'C' || i, 'credit_note', 'V' || i, current_date, 'USD', -10
            FROM generate_series(1, \(customers)::int) AS i;
            """
        )
    }

    /// Enqueues a run of everything.
    @discardableResult
    public func enqueue(batches: Int = 1) async throws -> Int64 {
        try await connection.query(
            "SELECT reimbursement.enqueue_reimbursement('USMF', batches => \(batches)) AS run"
        )[0].value("run")
    }

    /// Enqueues a run that pays everything that is due.
    @discardableResult
    public func enqueuePayment(batches: Int = 1) async throws -> Int64 {
        try await connection.query(
            "SELECT reimbursement.enqueue_vendor_payment('USMF', batches => \(batches)) AS run"
        )[0].value("run")
    }

    /// Gives everybody an account at a bank and reimburses all customers: each has an open invoice then.
    public func reimburse() async throws {
        try await connection.query(
            """
            INSERT INTO reimbursement.bank_accounts (legal_entity_id, bank_account, name, currency, iban)
            VALUES ('USMF', 'BANK', 'Dollars', 'USD', 'GB29NWBK60161331926819');
            UPDATE reimbursement.customers SET iban = 'DE89370400440532013000'
            """
        )
        try await enqueue()
        try await carryOut()
    }

    /// Lets a worker carry out whatever is enqueued.
    public func carryOut() async throws {
        let outcome = try await CommandRun("worker", "--drain", database: database).outcome()
        guard outcome.status == .exited(0) else { throw FailedWorker(errors: outcome.errors) }
    }

    /// A session that holds the number sequences, for which every transfer has to wait until it is closed.
    public func holdNumbers() async throws -> PostgresConnection {
        let holder = try await database.connect()
        try await holder.query("BEGIN; SELECT FROM reimbursement.number_sequences FOR UPDATE")
        return holder
    }

    /// Waits until something is true.
    ///
    /// However slow the machine is; that a worker never does it is all that the limit finds out.
    public func wait(until condition: SQL, seconds: Int = 120) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try await !connection.query("SELECT (\(condition))::boolean AS met")[0].value("met", as: Bool.self) {
            guard ContinuousClock.now < deadline else { throw Timeout(condition: "\(condition)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until a query has rows.
    public func rows(_ query: SQL, seconds: Int = 120) async throws -> [[String?]] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let rows = try await connection.query(query)
            guard rows.isEmpty else { return rows.map(\.texts) }
            guard ContinuousClock.now < deadline else { throw Timeout(condition: "\(query)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until so many transfers wait for somebody's lock.
    public func waitForBlockedTransfers(_ count: Int = 1) async throws {
        try await wait(
            until: """
                SELECT count(*) = \(count) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%execute_job%'
                """
        )
    }

    /// One value of a query's first row, as text.
    public func value(_ query: SQL) async throws -> String? {
        try await connection.query(query)[0].texts[0]
    }

    /// What a worker wrote that should have ended well.
    struct FailedWorker: Error {
        let errors: [String]
    }

    /// What did not become true in time.
    struct Timeout: Error {
        let condition: String
    }
}
