import PostgresClient

/// Somebody who works with the books while everything around dies: loads, enqueues, settles, marks, locks, steers.
struct Person {
    let number: Int
    let session: Session
    let tally: Tally
    var dice: Dice
    private var deeds = 0

    private enum Deed {
        case credits, debits, reimburse, small, pay, reverse, reversePayment, settle, mark, hold, lock
        case cancel, pause, resume, retry, look
    }

    init(number: Int, session: Session, tally: Tally, dice: Dice) {
        self.number = number
        self.session = session
        self.tally = tally
        self.dice = dice
    }

    mutating func work(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(dice.number(5...120)))
            deeds += 1
            do {
                try await act()
                tally.count("deeds of people")
            } catch let error as PostgresError where error.isPassing {
                tally.count("deeds of people that were lost")
                try await Task.sleep(for: .milliseconds(50))
            } catch let error as PostgresError where error.sqlState.errorClass == "RB" {
                tally.count("deeds of people that were refused")
            } catch let error as PostgresError {
                tally.violation("a person's statement failed: \(error) \(error.detail ?? "")")
            }
        }
        await session.close()
    }

    private var entity: String {
        mutating get { Company.legalEntities[dice.number(0...1)] }
    }

    private var customer: String {
        mutating get { Company.account(dice.number(1...Company.customers)) }
    }

    private var queue: String {
        mutating get { dice.chance(70) ? "default" : "night" }
    }

    private mutating func act() async throws {
        let deed: Deed = dice.choice([
            .credits: 20, .debits: 4, .reimburse: 16, .small: 14, .pay: 6, .reverse: 5, .reversePayment: 3, .settle: 4,
            .mark: 4, .hold: 3, .lock: 2, .cancel: 4, .pause: 1, .resume: 4, .retry: 5, .look: 5,
        ])
        switch deed {
        case .credits: try await load("credit_note", sign: -1, customers: dice.number(1...25))
        case .debits: try await load("invoice", sign: 1, customers: 1)
        case .reimburse, .small, .pay, .reverse, .reversePayment: try await enqueue(deed)
        case .settle: try await settle()
        case .mark, .hold, .lock: try await touch(deed)
        case .cancel, .pause, .resume, .retry, .look: try await steer(deed)
        }
    }

    private mutating func load(_ type: String, sign: Int, customers: Int) async throws {
        let reference = "p\(number)-\(deeds)"
        let first = dice.number(1...(Company.customers - customers + 1))
        _ = try await session.ask(
            """
            INSERT INTO reimbursement.customer_transactions
                (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount,
                 source_reference)
            SELECT \(entity), 'C' || to_char(i, 'FM000'), \(type), \(reference), current_date, 'USD',
                \(sign) * (i + \(dice.number(1...500))::numeric / 100), \(reference) || '-' || i
            FROM generate_series(\(first)::int, \(first + customers - 1)::int) AS i
            """
        )
        tally.committed(reference: "\(reference)-\(first)")
    }

    /// Enqueues a run, with a key; when the answer is lost it asks again, which makes no second run.
    private mutating func enqueue(_ deed: Deed) async throws {
        let waiting = try await session.ask(
            "SELECT count(*) FROM reimbursement.jobs WHERE state IN ('ready', 'running')"
        )
        if let text = waiting[0].texts[0], let jobs = Int(text), jobs > 120 { return }
        let (entity, key, queue, batches) = (entity, "k\(number)-\(deeds)", queue, dice.number(1...3))
        let (first, width) = (dice.number(1...Company.customers), dice.number(0...30))
        let filter = "\(Company.account(first))..\(Company.account(min(first + width, Company.customers)))"
        let debits = dice.chance(30)
        let call: SQL
        switch deed {
        case .small:
            call = """
                SELECT reimbursement.enqueue_reimbursement(\(entity), customer_filter => 'C' || to_char(i, 'FM000'),
                    queue => \(queue), idempotency_key => \(key) || '-' || i) AS run
                FROM generate_series(\(max(1, first - 9))::int, \(first)::int) AS i
                """
        case .pay:
            call = """
                SELECT reimbursement.enqueue_vendor_payment(\(entity), batches => \(batches), queue => \(queue),
                    pay_per => \(dice.chance(50) ? "vendor" : "invoice"), idempotency_key => \(key)) AS run
                """
        case .reverse:
            call = """
                SELECT reimbursement.enqueue_reversal(\(entity), 'chaos', queue => \(queue), idempotency_key => \(key),
                    reimbursement_numbers => n.numbers) AS run
                FROM (
                    SELECT array_agg(reimbursement_number) AS numbers FROM (
                        SELECT reimbursement_number FROM reimbursement.reimbursement_report
                        WHERE legal_entity_id = \(entity) AND reversed_by IS NULL AND payment_status = 'open'
                        ORDER BY reimbursement_number DESC LIMIT \(dice.number(1...4))::int
                    ) AS r
                ) AS n WHERE numbers IS NOT NULL
                """
        case .reversePayment:
            call = """
                SELECT reimbursement.enqueue_payment_reversal(\(entity), 'chaos', n.numbers, not_sent => true, queue => \(queue),
                    idempotency_key => \(key)) AS run
                FROM (
                    SELECT array_agg(payment_number) AS numbers FROM (
                        SELECT payment_number FROM reimbursement.vendor_payments
                        WHERE legal_entity_id = \(entity) AND status <> 'reversed'
                        ORDER BY payment_number DESC LIMIT \(dice.number(1...4))::int
                    ) AS r
                ) AS n WHERE numbers IS NOT NULL
                """
        default:
            // Two at once for the same customers, each queue with workers of its own.
            call = """
                SELECT reimbursement.enqueue_reimbursement(\(entity), customer_filter => \(filter),
                    include_open_debits => \(debits), net_open_debits => \(debits && dice.chance(50)),
                    summarize_customer => \(dice.chance(80)), batches => \(batches), queue => q.queue,
                    priority => \(dice.number(0...2)), idempotency_key => \(key) || q.queue) AS run
                FROM unnest(\(Company.queues)::text[]) AS q (queue)
                """
        }
        // The numbers to reverse may be others the second time, and are then refused: another choice under one key.
        let asksAgain = deed != .reverse && deed != .reversePayment
        let rows = try await (asksAgain ? session.insist(call) : session.ask(call))
        tally.committed(runs: try rows.map { try $0.value("run") })
        tally.count("runs enqueued", rows.count)
    }

    private mutating func settle() async throws {
        let entity = entity
        _ = try await session.ask(
            """
            SELECT reimbursement.settle_transactions(\(entity), d.customer_transaction_id, c.customer_transaction_id,
                least(d.open_amount, -c.open_amount))
            FROM reimbursement.customer_transactions AS d
            INNER JOIN reimbursement.customer_transactions AS c
                ON c.legal_entity_id = d.legal_entity_id AND c.customer_account = d.customer_account
            WHERE d.legal_entity_id = \(entity) AND d.open_amount > 0 AND c.open_amount < 0
                AND d.marked_for IS NULL AND c.marked_for IS NULL AND d.transaction_type = 'invoice'
            ORDER BY d.customer_transaction_id, c.customer_transaction_id LIMIT 1
            """
        )
        tally.count("settlements by hand")
    }

    private mutating func touch(_ deed: Deed) async throws {
        let (entity, customer) = (entity, customer)
        let isOn = dice.chance(50)
        switch deed {
        case .mark:
            _ = try await session.ask(
                """
                UPDATE reimbursement.customer_transactions SET marked_for = \(isOn ? "elsewhere" : nil)
                WHERE legal_entity_id = \(entity) AND customer_account = \(customer) AND open_amount < 0
                """
            )
        case .hold:
            _ = try await session.ask(
                """
                UPDATE reimbursement.customers SET on_hold_from = \(isOn ? "2020-01-01" : nil)::date
                WHERE legal_entity_id = \(entity) AND customer_account = \(customer)
                """
            )
        default:
            _ = try await session.ask(
                """
                SELECT customer_account FROM reimbursement.customers
                WHERE legal_entity_id = \(entity) AND customer_account = \(customer) FOR UPDATE;
                SELECT pg_sleep(\(dice.number(100...2500)) / 1000.0)
                """
            )
            tally.count("customers locked for a while")
        }
    }

    private mutating func steer(_ deed: Deed) async throws {
        let queue = queue
        switch deed {
        case .cancel:
            _ = try await session.ask(
                """
                SELECT reimbursement.cancel_run(run_id, 'chaos') FROM reimbursement.jobs
                WHERE state IN ('ready', 'running') ORDER BY state DESC, job_id LIMIT 1
                """
            )
            tally.count("cancels")
        case .pause: _ = try await session.ask("SELECT reimbursement.pause_queue(\(queue), 'chaos')")
        case .resume: _ = try await session.ask("SELECT reimbursement.resume_queue(\(queue))")
        case .retry: tally.count("retries", try await session.ask(Verdict.retry).count)
        default:
            _ = try await session.ask(
                """
                SELECT count(*) FROM reimbursement.job_progress; SELECT count(*) FROM reimbursement.waiting_jobs;
                SELECT count(*) FROM reimbursement.blocked_jobs; SELECT count(*) FROM reimbursement.workers;
                SELECT count(*) FROM reimbursement.runs
                """
            )
        }
    }
}
