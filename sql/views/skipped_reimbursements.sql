-- The reimbursements that the reversal of a run left alone, and why.
create or replace view reimbursement.skipped_reimbursements with (security_invoker = true) as
select
    s.run_id,
    s.legal_entity_id,
    s.reimbursement_number,
    s.customer_account,
    s.skip_reason
from reimbursement.reimbursement_skips as s;

comment on view reimbursement.skipped_reimbursements is
'Reimbursements that the reversal of a run left alone, and why. run_id is the reversal.';
