-- Whether an amount is a finite number with no more decimals than so many.
--
-- Returns: true or false; null where the number of decimals is (end a check in IS TRUE).
-- NaN and the infinities sort outside of the two bounds, so they are refused. The amount is never rounded to fit.
-- Constraints call it as whoever writes, so that every name in it has its schema.
create or replace function reimbursement.has_decimals(p_amount numeric, p_decimals integer) returns boolean
language sql immutable parallel safe
as $$
    select p_amount operator(pg_catalog.>) '-Infinity' and p_amount operator(pg_catalog.<) 'Infinity'
        and p_amount operator(pg_catalog.=) pg_catalog.round(p_amount, p_decimals)
$$;

comment on function reimbursement.has_decimals(numeric, integer) is
'Whether an amount is finite and has no more decimals than so many.';
