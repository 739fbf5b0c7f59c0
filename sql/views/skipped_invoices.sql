-- The invoices that a payment run left out, and why.
create or replace view reimbursement.skipped_invoices with (security_invoker = true) as
select
    s.run_id,
    s.legal_entity_id,
    s.invoice_number,
    s.vendor_account,
    s.skip_reason
from reimbursement.invoice_skips as s;

comment on view reimbursement.skipped_invoices is 'Invoices that a payment run left out, and why.';
