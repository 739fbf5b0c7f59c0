-- Who approved or rejected which run: a row a vote, those among them that are void because the run was another then.
create or replace view reimbursement.run_approvals with (security_invoker = true) as
select
    v.run_id,
    v.legal_entity_id,
    v.approver,
    v.decision,
    v.at,
    v.digest,
    v.note,
    v.accounting_amount
from reimbursement.run_votes as v;

comment on view reimbursement.run_approvals is
'Who approved or rejected which run, when, and the digest of what it would have done at that moment.';
