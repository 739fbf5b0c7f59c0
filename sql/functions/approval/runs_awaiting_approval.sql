-- Runs that wait for approval, or of which some jobs do, in the legal entities whose books or queues whoever acts may
-- see. Behind the view pending_approvals.
--
-- What each comes to is worked out anew, by a preview, and only the approvals of that count.
-- Reads: jobs, run_requests, run_votes, as assess_run. Writes and locks nothing.
create or replace function reimbursement.runs_awaiting_approval()
returns table (
    run_id bigint, kind text, legal_entity_id text, requested_by text, requested_at timestamptz,
    accounting_amount numeric, approvals_needed int, approvals_given int, digest text
)
language sql stable security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
    select
        q.run_id, q.kind, q.legal_entity_id, q.requested_by, q.requested_at, a.accounting_amount, a.approvals_needed,
        (
            select count(*)::int
            from reimbursement.valid_approvals(w.legal_entity_id, w.run_id, w.approval_round, a.digest)
        ),
        a.digest
    from (
        select j.legal_entity_id, j.run_id, max(j.approval_round) as approval_round
        from reimbursement.jobs as j
        where j.state = 'awaiting_approval'
            and j.legal_entity_id = any (array(
                select reimbursement.legal_entities_of(variadic reimbursement.reading_duties() || 'operator'::text)
            ))
        group by j.legal_entity_id, j.run_id
    ) as w
    inner join reimbursement.run_requests as q on q.legal_entity_id = w.legal_entity_id and q.run_id = w.run_id
    cross join lateral reimbursement.assess_run(w.legal_entity_id, w.run_id) as a
$$;

comment on function reimbursement.runs_awaiting_approval() is
'Runs that wait for approval, wholly or in part, which whoever acts may see: behind the view pending_approvals.';
