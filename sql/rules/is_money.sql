-- Whether an amount can stand in the books: a finite number with no more decimals than its currency has.
--
-- Returns: true or false; null for an unknown currency (end a check in IS TRUE).
-- Reads: nothing. It is for table constraints, which call it as whoever writes, so that every name in it has its
-- schema; functions, which have a search_path of their own, call has_decimals.
create or replace function reimbursement.is_money(p_amount numeric, p_currency text) returns boolean
language sql immutable parallel safe
as $$
    select reimbursement.has_decimals(p_amount, reimbursement.minor_unit_of_row(p_currency))
$$;

comment on function reimbursement.is_money(numeric, text) is
'Whether an amount is finite and has no more decimals than its currency.';
