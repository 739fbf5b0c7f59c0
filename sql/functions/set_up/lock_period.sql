-- Locks the ledger period of a posting date, so that nobody closes it before this transaction ends, and checks the
-- set-up anew.
--
-- Locks: the period's row for share. Raises: as check_set_up.
create or replace function reimbursement.lock_period(
    p_legal_entity_id text, p_posting_date date, p_sequences text[]
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    perform from reimbursement.ledger_periods as p
    where p.legal_entity_id = p_legal_entity_id and p_posting_date between p.starts_on and p.ends_on
    for share;
    perform reimbursement.check_set_up(p_legal_entity_id, p_posting_date, p_sequences);
end
$$;

comment on function reimbursement.lock_period(text, date, text[]) is
'Locks the ledger period of a posting date against closing, and checks the set-up anew.';
