-- Whether an amount can stand in the books: a finite number with no more decimals than its currency has.
--
-- Returns: true or false; null for an unknown currency (end a check in IS TRUE).
-- NaN and the infinities sort outside of the two bounds, so they are refused. The amount is never rounded to fit.
-- Reads: nothing. It is called by table constraints as whoever writes, so that every name in it has its schema.
create or replace function reimbursement.is_money(p_amount numeric, p_currency text) returns boolean
language sql immutable parallel safe
as $$
    select p_amount operator(pg_catalog.>) '-Infinity' and p_amount operator(pg_catalog.<) 'Infinity'
        and p_amount operator(pg_catalog.=) pg_catalog.round(p_amount, reimbursement.minor_unit(p_currency))
$$;

comment on function reimbursement.is_money(numeric, text) is
'Whether an amount is finite and has no more decimals than its currency.';
