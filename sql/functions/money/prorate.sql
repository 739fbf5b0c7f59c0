-- The share of an amount that a part has of a whole, rounded once, half away from zero.
--
-- p_amount and the result are in p_currency; part and whole are in any one unit. A whole of 0 has a share of 0.
-- The dividend gets thirty more decimals: a quotient cut short could be rounded up to a half, and the half up again.
create or replace function reimbursement.prorate(p_amount numeric, p_part numeric, p_whole numeric, p_currency text)
returns numeric
language sql immutable parallel safe
as $$
    select case
        when p_whole = 0 then 0
        when p_part = p_whole then p_amount
        else round(p_amount * p_part * 1.000000000000000000000000000000 / p_whole, reimbursement.minor_unit(p_currency))
    end
$$;

comment on function reimbursement.prorate(numeric, numeric, numeric, text) is
'The share of an amount that a part has of a whole, rounded once to the currency, half away from zero.';
