-- The first day from a given one on that lies in an open ledger period; null: there is none.
--
-- Reads: ledger_periods. Locks nothing.
create or replace function reimbursement.first_open_day(p_legal_entity_id text, p_from date) returns date
language sql stable
as $$
    select greatest(p_from, p.starts_on)
    from reimbursement.ledger_periods as p
    where p.legal_entity_id = p_legal_entity_id and p.is_open and p.ends_on >= p_from
    order by p.starts_on
    limit 1
$$;

comment on function reimbursement.first_open_day(text, date) is
'The first day from a given one on that lies in an open ledger period; null: there is none.';
