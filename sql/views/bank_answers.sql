-- What the messages of banks say of the payments, in the order in which they were imported.
--
-- is_news: whether it changed the payment's status. voucher: of the movement on the bank's account.
create or replace view reimbursement.bank_answers
with (security_barrier = true, security_invoker = false) as
select
    e.import_id,
    e.legal_entity_id,
    e.payment_number,
    e.status,
    e.reason_code,
    e.amount,
    e.currency,
    e.value_date,
    e.booking_date,
    e.charges,
    e.is_news,
    e.voucher,
    e.reversal_run_id,
    e.entry,
    i.message_id,
    i.message_date
from reimbursement.bank_entries as e
inner join reimbursement.bank_imports as i on i.import_id = e.import_id
where e.problem is null and e.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.bank_answers is
'One row a payment that a message of a bank says something of: status, reason, amount, dates, voucher.';
