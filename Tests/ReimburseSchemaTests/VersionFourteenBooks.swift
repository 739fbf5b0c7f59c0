import PostgresClient
import TestSupport

@testable import ReimburseSchema

/// A database at version 14, with books as that version left them.
///
/// Run 1 reimbursed two customers, settled what one of them owed first, and skipped a third. Run 2 reversed the
/// reimbursement of ALPINE. Run 3 is waiting, a customer a job.
struct VersionFourteenBooks {
    /// A connection of the test's own.
    let connection: PostgresConnection

    /// Makes the tables of version 14, and fills them.
    init() async throws {
        connection = try await TestDatabase.empty().connect()
        let objects = SQLFile.files(in: "functions/money")
        let migrator = Migrator(
            migrations: Migration.all.filter { $0.version <= 14 },
            rules: SQLFile.files(in: "rules"),
            objects: objects + [SQLFile(path: "views/runs.sql", text: Self.runsView)]
        )
        _ = try await migrator.migrate(connection)
        for statements in Self.statements { try await connection.query(statements) }
    }

    /// Brings the schema up to date.
    @discardableResult
    func upgrade() async throws -> Migrator.Outcome {
        try await Migrator().migrate(connection)
    }

    /// Claims every ready job and carries it out, as a worker does; returns how many there were.
    @discardableResult
    func carryOut() async throws -> Int {
        let jobs = try await connection.query("SELECT job_id, attempt FROM reimbursement.claim_jobs('test', 10)")
        for job in jobs {
            let id: Int64 = try job.value("job_id")
            let attempt: Int64 = try job.value("attempt")
            try await connection.query("SELECT reimbursement.execute_job('USMF', \(id), \(attempt)::int)")
        }
        return jobs.count
    }

    /// What breaks a rule of the books.
    func violations() async throws -> [[String?]] {
        try await rows("SELECT * FROM reimbursement.check_books()")
    }

    /// The rows of a query, as texts.
    func rows(_ query: SQL) async throws -> [[String?]] {
        try await connection.query(query).map(\.texts)
    }

    /// The view as it was, in as few words as will do.
    private static let runsView = """
        create or replace view reimbursement.runs with (security_invoker = true) as
        select
            r.run_id, r.kind, r.legal_entity_id, min(j.state) as state, r.requested_by, r.requested_at,
            max(j.finished_at) as finished_at, count(*) as jobs,
            count(*) filter (where j.state = 'completed') as jobs_completed, sum(j.processed) as customers_reimbursed,
            sum(j.skipped) as customers_skipped, sum(j.accounting_amount) as accounting_amount,
            min(j.last_error) as error
        from reimbursement.run_requests as r
        inner join reimbursement.jobs as j on j.legal_entity_id = r.legal_entity_id and j.run_id = r.run_id
        group by r.legal_entity_id, r.run_id;
        """

    // MARK: - What is in them

    private static let statements = [masters, transactions, runs, settlements, documents, counters]

    private static let masters: SQL = """
        INSERT INTO reimbursement.legal_entities (legal_entity_id, name, accounting_currency)
        VALUES ('USMF', 'Contoso', 'USD');
        INSERT INTO reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
        VALUES ('USMF', '2024-01-01', '2024-06-30'), ('USMF', '2024-07-01', '2024-12-31');
        INSERT INTO reimbursement.number_sequences (legal_entity_id, sequence, format, next_number)
        VALUES
            ('USMF', 'reimbursement', 'RMB-########', 3), ('USMF', 'vendor_invoice', 'RINV-########', 3),
            ('USMF', 'one_time_vendor', 'OTV-########', 2), ('USMF', 'settlement', 'STL-########', 2),
            ('USMF', 'payment', 'PAY-########', 1), ('USMF', 'reversal', 'REV-########', 2);
        INSERT INTO reimbursement.methods_of_payment VALUES ('USMF', 'SEPA', true), ('USMF', 'CHECK', false);
        INSERT INTO reimbursement.exchange_rates
        VALUES ('USMF', 'EUR', '2024-01-01', 1.10), ('USMF', 'EUR', '2024-03-01', 1.20);
        INSERT INTO reimbursement.dimension_sets VALUES ('USMF', 1, '{"Department": "022"}');
        INSERT INTO reimbursement.customers (legal_entity_id, customer_account, name, vendor_account, on_hold_from)
        VALUES
            ('USMF', 'ALPINE', 'Alpine Ski House', 'OTV-00000001', NULL), ('USMF', 'CAVE', 'Cave', NULL, '2024-01-01'),
            ('USMF', 'BIRCH', 'Birch Company', 'V-BIRCH', NULL), ('USMF', 'DESERT', 'Desert', NULL, NULL),
            ('USMF', 'EAGLE', 'Eagle Stores', NULL, NULL), ('USMF', 'FOREST', 'Forest', NULL, NULL);
        INSERT INTO reimbursement.vendors
            (legal_entity_id, vendor_account, name, vendor_group, is_one_time, payment_terms_days, method_of_payment,
            customer_account, run_id)
        VALUES
            ('USMF', 'V-BIRCH', 'Birch Company', 'TRADE', false, 30, 'CHECK', NULL, NULL),
            ('USMF', 'OTV-DESERT', 'Desert', NULL, true, NULL, NULL, 'DESERT', NULL),
            ('USMF', 'OTV-00000001', 'Alpine Ski House', 'ONE-TIME', true, 0, 'SEPA', 'ALPINE', 1)
        """

    // What was loaded, then what runs added and settled.
    private static let transactions: SQL = """
        INSERT INTO reimbursement.customer_transactions
            (legal_entity_id, customer_transaction_id, customer_account, transaction_type, voucher, transaction_date,
            currency, amount, settled_amount, dimension_set_id, source_reference)
        VALUES
            ('USMF', 1, 'ALPINE', 'credit_note', 'CN-1', '2024-02-01', 'EUR', -100, 0, 0, 'shop-1'),
            ('USMF', 2, 'BIRCH', 'credit_note', 'CN-2', '2024-02-01', 'USD', -80, 0, 0, NULL),
            ('USMF', 3, 'BIRCH', 'invoice', 'INV-3', '2024-02-02', 'USD', 30, 0, 1, NULL),
            ('USMF', 4, 'CAVE', 'credit_note', 'CN-4', '2024-02-01', 'USD', -70, 0, 0, NULL),
            ('USMF', 5, 'DESERT', 'credit_note', 'CN-5', '2024-02-01', 'USD', -60, -20, 0, NULL),
            ('USMF', 6, 'DESERT', 'invoice', 'INV-6', '2024-02-02', 'USD', 15, 0, 0, NULL),
            ('USMF', 7, 'EAGLE', 'credit_note', 'CN-7', '2024-02-01', 'USD', -40, 0, 0, NULL),
            ('USMF', 8, 'FOREST', 'credit_note', 'CN-8', '2024-02-01', 'USD', -45, 0, 0, NULL);
        INSERT INTO reimbursement.customer_transactions
            (legal_entity_id, customer_transaction_id, customer_account, transaction_type, voucher, transaction_date,
            due_date, currency, amount, accounting_amount, settled_amount, settled_accounting_amount,
            receivable_account, dimension_set_id, last_settled_on, run_id, last_run_id)
        VALUES
            ('USMF', 9, 'ALPINE', 'reimbursement', 'RMB-00000001', '2024-03-31', '2024-03-31', 'EUR',
                100, 110, 100, 110, '130100', 0, '2024-04-02', 1, 2),
            ('USMF', 10, 'BIRCH', 'reimbursement', 'RMB-00000002', '2024-03-31', '2024-03-31', 'USD',
                50, 50, 50, 50, '130100', 0, '2024-03-31', 1, 1),
            ('USMF', 11, 'ALPINE', 'reversal', 'REV-00000001', '2024-04-02', '2024-04-02', 'EUR',
                -100, -110, -100, -110, '130100', 0, '2024-04-02', 2, 2);
        UPDATE reimbursement.customer_transactions AS t
        SET settled_amount = s.amount, settled_accounting_amount = s.amount, last_settled_on = s.settled_on::date,
            last_run_id = s.run_id
        FROM (
            VALUES (1, 0, '2024-04-02', 2), (2, -80, '2024-03-31', 1), (3, 30, '2024-03-31', 1),
                (5, -35, '2024-03-02', NULL), (6, 15, '2024-03-02', NULL)
        ) AS s (id, amount, settled_on, run_id)
        WHERE t.customer_transaction_id = s.id
        """

    private static let runs: SQL = """
        INSERT INTO reimbursement.run_requests (legal_entity_id, run_id, kind, posting_date, choices)
        VALUES
            ('USMF', 1, 'reimbursement', '2024-03-31', '{"currency": null, "posting_date": "2024-03-31",
                "credits_through": null, "customer_filter": "ALPINE,BIRCH,CAVE", "net_open_debits": true,
                "summarize_customer": true, "include_open_debits": true, "customer_group_filter": null}'),
            ('USMF', 2, 'reimbursement_reversal', '2024-04-02', '{"reason": "wrong account", "run_id": null,
                "posting_date": "2024-04-02", "reimbursement_numbers": ["RMB-00000001"]}'),
            ('USMF', 3, 'reimbursement', '2024-04-30', '{"currency": null, "posting_date": "2024-04-30",
                "credits_through": null, "customer_filter": "EAGLE,FOREST", "net_open_debits": false,
                "summarize_customer": true, "include_open_debits": false, "customer_group_filter": null}');
        INSERT INTO reimbursement.jobs
            (legal_entity_id, job_id, run_id, kind, state, attempt, worker, claimed_at, finished_at, batch, processed,
            skipped, accounting_amount)
        VALUES
            ('USMF', 1, 1, 'reimbursement', 'completed', 1, 'vm/1', now(), now(), 1, 2, 1, 170),
            ('USMF', 2, 2, 'reimbursement_reversal', 'completed', 1, 'vm/1', now(), now(), 1, 1, 0, 120);
        INSERT INTO reimbursement.jobs
            (legal_entity_id, job_id, run_id, kind, state, batch, batch_after, batch_through)
        VALUES
            ('USMF', 3, 3, 'reimbursement', 'ready', 1, NULL, 'EAGLE'),
            ('USMF', 4, 3, 'reimbursement', 'ready', 2, 'EAGLE', NULL);
        INSERT INTO reimbursement.customer_skips VALUES ('USMF', 1, 'CAVE', 1, 'on_hold', 70, 0)
        """

    // By hand, a netting with its voucher, two reimbursements, one of them undone and closed by its reversal.
    private static let settlements: SQL = """
        INSERT INTO reimbursement.settlements
            (legal_entity_id, settlement_id, debit_transaction_id, credit_transaction_id, currency, amount,
            debit_accounting_amount, credit_accounting_amount, settled_on, voucher, undoes_settlement_id, run_id)
        VALUES
            ('USMF', 1, 6, 5, 'USD', 15, 15, 15, '2024-03-02', NULL, NULL, NULL),
            ('USMF', 2, 3, 2, 'USD', 30, 30, 30, '2024-03-31', 'STL-00000001', NULL, 1),
            ('USMF', 3, 9, 1, 'EUR', 100, 110, 110, '2024-03-31', NULL, NULL, 1),
            ('USMF', 4, 10, 2, 'USD', 50, 50, 50, '2024-03-31', NULL, NULL, 1),
            ('USMF', 5, 9, 1, 'EUR', -100, -110, -110, '2024-04-02', NULL, 3, 2),
            ('USMF', 6, 9, 11, 'EUR', 100, 110, 110, '2024-04-02', NULL, NULL, 2);
        INSERT INTO reimbursement.vendor_settlements
        VALUES ('USMF', 1, 3, 1, 'EUR', 100, 120, 120, '2024-04-02', NULL, 2)
        """

    private static let documents: SQL = """
        INSERT INTO reimbursement.reimbursements
        VALUES
            ('USMF', 'RMB-00000001', 1, 1, 'ALPINE', 'OTV-00000001', 'RINV-00000001', '2024-03-31', 'EUR',
                100, 1.20, 120, NULL, NULL),
            ('USMF', 'RMB-00000002', 1, 1, 'BIRCH', 'V-BIRCH', 'RINV-00000002', '2024-03-31', 'USD',
                50, 1, 50, NULL, NULL);
        INSERT INTO reimbursement.reversals
        VALUES ('USMF', 'REV-00000001', 2, 2, 'reimbursement', 'RMB-00000001', '2024-04-02', 'wrong account', NULL);
        INSERT INTO reimbursement.vendor_invoices
        VALUES
            ('USMF', 'RINV-00000001', 'OTV-00000001', '2024-03-31', '2024-03-31', 'EUR', 100, 120,
                'Reimbursement RMB-00000001 of customer ALPINE Alpine Ski House', NULL, 1),
            ('USMF', 'RINV-00000002', 'V-BIRCH', '2024-03-31', '2024-04-30', 'USD', 50, 50,
                'Reimbursement RMB-00000002 of customer BIRCH Birch Company', NULL, 1);
        INSERT INTO reimbursement.vendor_transactions
            (legal_entity_id, vendor_transaction_id, vendor_account, transaction_type, voucher, invoice_number,
            transaction_date, due_date, payable_account, currency, amount, accounting_amount, settled_amount,
            settled_accounting_amount, run_id, last_settled_on)
        VALUES
            ('USMF', 1, 'OTV-00000001', 'invoice', 'RMB-00000001', 'RINV-00000001', '2024-03-31', '2024-03-31',
                '200100', 'EUR', -100, -120, -100, -120, 1, '2024-04-02'),
            ('USMF', 2, 'V-BIRCH', 'invoice', 'RMB-00000002', 'RINV-00000002', '2024-03-31', '2024-04-30',
                '200100', 'USD', -50, -50, 0, 0, 1, NULL),
            ('USMF', 3, 'OTV-00000001', 'reversal', 'REV-00000001', 'RINV-00000001', '2024-04-02', '2024-04-02',
                '200100', 'EUR', 100, 120, 100, 120, 2, '2024-04-02');
        INSERT INTO reimbursement.ledger_entries
        VALUES
            ('USMF', 'STL-00000001', 1, 1, '2024-03-31', '130100', 'receivable', 0, 'USD', 30, 30),
            ('USMF', 'STL-00000001', 2, 1, '2024-03-31', '130100', 'receivable', 1, 'USD', -30, -30),
            ('USMF', 'RMB-00000001', 1, 1, '2024-03-31', '130100', 'receivable', 0, 'EUR', 100, 110),
            ('USMF', 'RMB-00000001', 2, 1, '2024-03-31', '200100', 'payable', 0, 'EUR', -100, -120),
            ('USMF', 'RMB-00000001', 3, 1, '2024-03-31', '801500', 'realized_loss', 0, 'EUR', 0, 10),
            ('USMF', 'RMB-00000002', 1, 1, '2024-03-31', '130100', 'receivable', 0, 'USD', 50, 50),
            ('USMF', 'RMB-00000002', 2, 1, '2024-03-31', '200100', 'payable', 0, 'USD', -50, -50),
            ('USMF', 'REV-00000001', 1, 2, '2024-04-02', '130100', 'receivable', 0, 'EUR', -100, -110),
            ('USMF', 'REV-00000001', 2, 2, '2024-04-02', '200100', 'payable', 0, 'EUR', 100, 120),
            ('USMF', 'REV-00000001', 3, 2, '2024-04-02', '801500', 'realized_loss', 0, 'EUR', 0, -10)
        """

    // Ids were given above; the next ones follow them.
    private static let counters: SQL = """
        SELECT setval(pg_get_serial_sequence('reimbursement.' || c.name, c.id), c.last)
        FROM (
            VALUES ('dimension_sets', 'dimension_set_id', 1), ('customer_transactions', 'customer_transaction_id', 11),
                ('settlements', 'settlement_id', 6), ('vendor_settlements', 'vendor_settlement_id', 1),
                ('vendor_transactions', 'vendor_transaction_id', 3), ('run_requests', 'run_id', 3), ('jobs', 'job_id', 4)
        ) AS c (name, id, last)
        """
}
