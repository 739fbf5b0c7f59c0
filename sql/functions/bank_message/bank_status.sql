-- What the banks have said of a payment so far: accepted, executed, rejected or returned; null: nothing.
--
-- The answer that goes furthest; what says less than is known, or the opposite, is no news (judge_bank_entries).
-- Reads: bank_entries. Writes and locks nothing.
create or replace function reimbursement.bank_status(p_legal_entity_id text, p_payment_number text) returns text
language sql stable
as $$
    select e.status
    from reimbursement.bank_entries as e
    where e.legal_entity_id = p_legal_entity_id and e.payment_number = p_payment_number and e.problem is null
        and e.is_news
    order by e.status = 'accepted', e.status = 'executed'
    limit 1
$$;

comment on function reimbursement.bank_status(text, text) is
'What the banks have said of a payment so far: accepted, executed, rejected, returned; null: nothing.';
