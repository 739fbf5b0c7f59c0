-- What a person has to look at, of the messages of banks: nothing was posted on a guess.
create or replace view reimbursement.bank_exceptions
with (security_barrier = true, security_invoker = false) as
select
    e.import_id,
    e.exception_number,
    e.legal_entity_id,
    e.problem,
    e.end_to_end_id,
    e.amount,
    e.currency,
    r.resolved_by,
    r.resolved_at,
    r.note,
    e.entry,
    e.bank_account,
    e.payment_number,
    e.payment_information,
    e.status,
    e.reason_code,
    e.booking_date
from reimbursement.bank_entries as e
left join reimbursement.bank_exception_resolutions as r
    on r.legal_entity_id = e.legal_entity_id and r.import_id = e.import_id and r.exception_number = e.exception_number
where e.problem is not null and e.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.bank_exceptions is
'One row an entry of a bank''s message that a person has to look at: what is wrong, and what came of it.';
