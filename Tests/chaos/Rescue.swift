import PostgresClient
import PrivatePostgres
import TestSupport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How long it takes from the SIGKILL of a worker in the middle of a transfer until the transfer runs again elsewhere.
///
/// In a queue that has nothing else to do, each time with a new job: the first loss of it.
struct Rescue {
    let database: TestDatabase
    var dice: Dice

    /// Kills so many workers.
    ///
    /// - Returns: The seconds from each kill to the next attempt's beginning, in order.
    mutating func measure(kills: Int) async throws -> [Double] {
        let session = Session(database.connectionString)
        try await Company.found(with: session)
        var seconds: [Double] = []
        var workers = [try worker(), try worker()]
        for kill in 1...kills {
            // Nobody gets numbers, so the transfer stays in its middle until its worker has been killed.
            let holder = try await database.connect()
            try await holder.query("BEGIN; SELECT FROM reimbursement.number_sequences FOR UPDATE")
            let run: Int64 = try await session.ask(
                """
                INSERT INTO reimbursement.customer_transactions
                    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
                VALUES ('USMF', 'C001', 'credit_note', \("R\(kill)"), current_date, 'USD', -10);
                SELECT reimbursement.enqueue_reimbursement('USMF', customer_filter => 'C001, C002..C003') AS run
                """
            )[0].value("run")
            let process = try await begun(run, attempt: 1, session)
            try await Task.sleep(for: .milliseconds(dice.number(0...1500)))
            guard let index = workers.firstIndex(where: { process == "\($0.process.identifier)" }) else { continue }
            let killed = ContinuousClock.now
            workers[index].process.send(signal: SIGKILL)
            _ = try await begun(run, attempt: 2, session)
            seconds.append((ContinuousClock.now - killed) / .seconds(1))
            workers[index] = try worker()
            await holder.close()
            while try await session.ask("SELECT FROM reimbursement.jobs WHERE run_id = \(run) AND state <> 'completed'")
                .count > 0
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        for worker in workers { worker.process.send(signal: SIGTERM) }
        for worker in workers { _ = await worker.outcome() }
        return seconds.sorted()
    }

    private func worker() throws -> CommandRun {
        try CommandRun("worker", "--log-level", "warning", database: database)
    }

    /// Waits until an attempt of the run has begun.
    ///
    /// - Returns: The process of its worker.
    private func begun(_ run: Int64, attempt: Int, _ session: Session) async throws -> String {
        while true {
            let rows = try await session.ask(
                """
                SELECT split_part(worker, '/', 2) FROM reimbursement.jobs
                WHERE run_id = \(run) AND attempt >= \(attempt) AND state = 'running' AND begun_at IS NOT NULL
                """
            )
            if let process = rows.first?.texts[0] { return process }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
