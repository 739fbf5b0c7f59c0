-- The bank files that were written, without what stands in them.
--
-- Whoever reads the books of a legal entity sees that there is a file; its content names every payee with his account.
create or replace view reimbursement.bank_files
with (security_barrier = true, security_invoker = false) as
select
    f.legal_entity_id,
    f.run_id,
    f.bank_account,
    f.format,
    f.message_id,
    f.payments,
    f.control_sum,
    f.sha256,
    f.created_at,
    f.file_version
from reimbursement.payment_files as f
where f.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.bank_files is
'The bank files that were written, without their content: for everybody who reads the books of their legal entity.';
