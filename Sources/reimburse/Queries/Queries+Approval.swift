import PostgresClient

extension Queries {
    /// Approves a run.
    static func approveRun(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.approve_run(\(NamedArgument.list(arguments)))"
    }

    /// Rejects a run.
    static func rejectRun(_ arguments: [NamedArgument]) -> SQL {
        "SELECT reimbursement.reject_run(\(NamedArgument.list(arguments)))"
    }

    /// What a run that waits would do.
    static func previewRun(_ run: Int64) -> SQL {
        "SELECT batch, what, accounting_amount FROM reimbursement.preview_run(\(run))"
    }

    /// The runs that wait for approval: for how many votes, whose they have, and who may vote.
    ///
    /// Who may is read from the duties that whoever asks may see.
    static func pendingApprovals(run: Int64?) -> SQL {
        """
        SELECT p.run_id, p.kind, p.legal_entity_id, p.accounting_amount, p.requested_by,
            date_trunc('second', p.requested_at) AS requested_at, p.approvals_given, p.approvals_needed,
            (SELECT string_agg(DISTINCT v.approver, ', ') FROM reimbursement.run_approvals AS v
                WHERE v.run_id = p.run_id AND v.decision = 'approved' AND v.digest = p.digest) AS approved_by,
            (SELECT string_agg(DISTINCT d.role_name::text, ', ') FROM reimbursement.duties AS d
                WHERE d.duty = 'approver' AND coalesce(d.legal_entity_id, p.legal_entity_id) = p.legal_entity_id
                    AND d.role_name <> p.requested_by) AS waits_for,
            p.digest
        FROM reimbursement.pending_approvals AS p
        WHERE p.run_id = coalesce(\(run)::bigint, p.run_id)
        ORDER BY p.run_id
        """
    }

    /// How a run stands: its state, and while it waits for approval, how many votes it has.
    static func standing(of run: Int64) -> SQL {
        """
        SELECT coalesce(
            (SELECT format('awaiting_approval (%s of %s)', p.approvals_given, p.approvals_needed)
                FROM reimbursement.pending_approvals AS p WHERE p.run_id = \(run)),
            (SELECT r.state FROM reimbursement.runs AS r WHERE r.run_id = \(run))) AS standing
        """
    }
}
