import PostgresClient

/// The statements of the command: what it asks the database for.
enum Queries {
    /// Enqueues a reimbursement run; returns `run_id`.
    static func enqueueReimbursement(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.enqueue_reimbursement(\(NamedArgument.list(arguments))) AS run_id"
    }

    /// Enqueues a run that pays vendor invoices; returns `run_id`.
    static func enqueueVendorPayment(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.enqueue_vendor_payment(\(NamedArgument.list(arguments))) AS run_id"
    }

    /// Enqueues a run that reverses reimbursements; returns `run_id`.
    static func enqueueReversal(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.enqueue_reversal(\(NamedArgument.list(arguments))) AS run_id"
    }

    /// Enqueues a run that reverses payments; returns `run_id`.
    static func enqueuePaymentReversal(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.enqueue_payment_reversal(\(NamedArgument.list(arguments))) AS run_id"
    }

    /// Cancels a run.
    static func cancelRun(_ run: Int64, reason: String?) -> SQL {
        let arguments = [NamedArgument("run_id", run), NamedArgument("reason", reason)]
        return "SELECT reimbursement.cancel_run(\(NamedArgument.list(arguments.compactMap(\.self))))"
    }

    /// Takes a failed run up again.
    static func retryRun(_ run: Int64) -> SQL {
        "SELECT reimbursement.retry_run(\(run))"
    }

    /// Pauses a queue.
    static func pauseQueue(_ queue: String, reason: String?) -> SQL {
        let arguments = [NamedArgument("queue", queue), NamedArgument("reason", reason)]
        return "SELECT reimbursement.pause_queue(\(NamedArgument.list(arguments.compactMap(\.self))))"
    }

    /// Resumes a queue.
    static func resumeQueue(_ queue: String) -> SQL {
        "SELECT reimbursement.resume_queue(\(queue))"
    }

    /// What a reimbursement run would do.
    static func previewReimbursement(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT customer_account, currency, dimensions, amount, accounting_amount, netted_amount, vendor_account,
            new_vendor, skip_reason
        FROM reimbursement.preview_reimbursement(\(NamedArgument.list(arguments)))
        """
    }

    /// Why a reimbursement run would leave a customer out: every reason.
    static func explainCustomer(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT reason, is_first, found, remedy
        FROM reimbursement.explain_customer(\(NamedArgument.list(arguments)))
        """
    }

    /// Why a payment run would leave an invoice out: every reason.
    static func explainInvoice(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT reason, is_first, found, remedy
        FROM reimbursement.explain_invoice(\(NamedArgument.list(arguments)))
        """
    }

    /// What a payment run would do.
    static func previewVendorPayment(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT invoice_number, vendor_account, vendor_name, due_date, currency, amount, accounting_amount,
            bank_account, payment, skip_reason
        FROM reimbursement.preview_vendor_payment(\(NamedArgument.list(arguments)))
        """
    }

    /// What a reversal would do.
    static func previewReversal(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT reimbursement_number, customer_account, invoice_number, currency, amount, accounting_amount, skip_reason
        FROM reimbursement.preview_reversal(\(NamedArgument.list(arguments)))
        """
    }

    /// What a reversal of payments would do.
    static func previewPaymentReversal(_ arguments: [NamedArgument]) -> SQL {
        """
        SELECT payment_number, vendor_account, vendor_name, currency, amount, accounting_amount, bank_account,
            invoice_numbers, skip_reason
        FROM reimbursement.preview_payment_reversal(\(NamedArgument.list(arguments)))
        """
    }

    /// The file for the bank of a payment run; returns `content`.
    static func paymentFile(of run: Int64, format: String?, bankAccount: String?) -> SQL {
        let arguments = [
            NamedArgument("run_id", run), NamedArgument("format", format), NamedArgument("bank_account", bankAccount),
        ]
        return "SELECT reimbursement.payment_file(\(NamedArgument.list(arguments.compactMap(\.self)))) AS content"
    }

    /// Takes the file for the bank of a payment run; returns `content`.
    static func releasePaymentFile(of run: Int64, format: String?, bankAccount: String?, reason: String?) -> SQL {
        let arguments = [
            NamedArgument("run_id", run), NamedArgument("format", format), NamedArgument("bank_account", bankAccount),
            NamedArgument("reason", reason),
        ]
        let list = NamedArgument.list(arguments.compactMap(\.self))
        return "SELECT reimbursement.release_payment_file(\(list)) AS content"
    }

    /// The chain that a customer account, a number or a voucher belongs to.
    static func trace(legalEntity: String, reference: String) -> SQL {
        """
        SELECT step, reference, voucher, date, currency, amount, note
        FROM reimbursement.trace(\(legalEntity), \(reference))
        """
    }

    /// Runs as a whole, the latest first.
    static func runs(run: Int64?, limit: Int) -> SQL {
        let condition: SQL = run.map { "WHERE run_id = \($0)" } ?? ""
        return """
            SELECT run_id, kind, legal_entity_id, state, jobs, jobs_completed, processed, skipped, accounting_amount,
                requested_by, date_trunc('second', requested_at) AS requested_at,
                date_trunc('second', finished_at) AS finished_at, error
            FROM reimbursement.runs
            \(condition)
            ORDER BY run_id DESC
            LIMIT \(limit)
            """
    }

    /// How far runs are: those that are not finished, and those named.
    ///
    /// A batch that is still in its transaction counts by the steps that it has reached. Steps are read from the names
    /// of sessions, which anybody may choose, so that the sum is kept within bounds.
    static func progress(of runs: [Int64], only run: Int64?) -> SQL {
        """
        SELECT r.run_id, r.legal_entity_id, r.kind, r.state, r.jobs, r.jobs_completed, r.processed, r.skipped,
            r.error, p.step_name, r.state IN ('ready', 'running') AS is_unfinished,
            trunc(least(greatest(100 * (r.jobs_completed + coalesce(p.batches, 0)) / r.jobs, 0), 100))::int AS percent
        FROM reimbursement.runs AS r
        LEFT JOIN LATERAL (
            SELECT sum((j.step - 1)::numeric / nullif(j.steps, 0)) AS batches, min(j.step_name) AS step_name
            FROM reimbursement.job_progress AS j
            WHERE j.legal_entity_id = r.legal_entity_id AND j.run_id = r.run_id
        ) AS p ON true
        WHERE r.run_id = coalesce(\(run)::bigint, r.run_id)
            AND (
                r.state IN ('ready', 'running')
                OR r.run_id = \(run)::bigint
                OR r.run_id = ANY (\(runs)::bigint[])
            )
        ORDER BY r.run_id
        """
    }

    /// How a run stands.
    static func state(of run: Int64) -> SQL {
        "SELECT state, finished_at IS NOT NULL AS is_finished, error FROM reimbursement.runs WHERE run_id = \(run)"
    }

    /// Everything that is wrong with the books, or with what one run wrote and touches.
    static func violations(legalEntity: String?, run: Int64? = nil) -> SQL {
        """
        SELECT legal_entity_id, rule, reference, expected, found
        FROM reimbursement.check_books(\(legalEntity)::text, \(run)::bigint)
        """
    }
}
