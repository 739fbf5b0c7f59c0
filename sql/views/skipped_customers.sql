-- The customers that a run left out, and why.
create or replace view reimbursement.skipped_customers with (security_invoker = true) as
select
    s.run_id,
    s.legal_entity_id,
    s.customer_account,
    s.skip_reason,
    s.credit_amount,
    s.debit_amount
from reimbursement.customer_skips as s;

comment on view reimbursement.skipped_customers is
'Customers that a run left out, and why. Amounts: eligible credits and all open debits, in accounting currency, before any netting.';
