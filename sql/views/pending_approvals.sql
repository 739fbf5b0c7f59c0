-- Runs that wait for approval, or of which some jobs do: what each comes to now, and how many votes it takes and has.
create or replace view reimbursement.pending_approvals with (security_invoker = true) as
select
    w.run_id,
    w.kind,
    w.legal_entity_id,
    w.requested_by,
    w.requested_at,
    w.accounting_amount,
    w.approvals_needed,
    w.approvals_given,
    w.digest
from reimbursement.runs_awaiting_approval() as w;

comment on view reimbursement.pending_approvals is
'Runs that wait for approval, wholly or in part: what each comes to now, and how many approvals it needs and has.';
