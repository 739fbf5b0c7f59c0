-- Who took which bank file to send it to the bank, when, and why again.
create or replace view reimbursement.payment_file_releases with (security_invoker = true) as
select
    t.run_id,
    t.legal_entity_id,
    t.bank_account,
    t.format,
    t.released_by,
    t.released_at,
    t.reason,
    t.file_version
from reimbursement.payment_file_takings as t;

comment on view reimbursement.payment_file_releases is
'Who took which bank file to send it to the bank, when, and why where it was taken again.';
