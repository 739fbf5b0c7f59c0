-- Runs that wait for approval, or of which some jobs do: what each comes to now, and how many votes it takes and has.
--
-- What it comes to is worked out anew, by a preview of each run that waits.
create or replace view reimbursement.pending_approvals as
select
    q.run_id,
    q.kind,
    q.legal_entity_id,
    q.requested_by,
    q.requested_at,
    a.accounting_amount,
    a.approvals_needed,
    (
        select count(*)::integer
        from reimbursement.valid_approvals(w.legal_entity_id, w.run_id, w.approval_round, a.digest)
    ) as approvals_given,
    a.digest
from (
    select
        j.legal_entity_id,
        j.run_id,
        max(j.approval_round) as approval_round
    from reimbursement.jobs as j
    where j.state = 'awaiting_approval'
    group by j.legal_entity_id, j.run_id
) as w
inner join reimbursement.run_requests as q on q.legal_entity_id = w.legal_entity_id and q.run_id = w.run_id
left join lateral reimbursement.assess_run(w.legal_entity_id, w.run_id) as a on true;

comment on view reimbursement.pending_approvals is
'Runs that wait for approval, wholly or in part: what each comes to now, and how many approvals it needs and has.';
