-- How much of a transaction's accounting amount is settled once p_settle_to of its amount is.
--
-- The cumulative rounding of the accounting amount: the parts of successive settlements are differences of this
-- function, so that they add up to the accounting amount exactly. A transaction may have been loaded with a settled
-- accounting amount that is not in proportion: from there on no part has the wrong sign.
-- All amounts have the transaction's sign; p_currency is the accounting currency.
create or replace function reimbursement.settled_accounting(
    p_amount numeric, p_accounting_amount numeric, p_settled_amount numeric, p_settled_accounting_amount numeric,
    p_settle_to numeric, p_currency text
) returns numeric
language sql immutable parallel safe
as $$
    select case
        when p_settle_to = p_amount then p_accounting_amount
        when p_settle_to = p_settled_amount then p_settled_accounting_amount
        when p_settle_to = 0 then 0
        when abs(p_settle_to) < abs(p_settled_amount) then sign(p_amount) * least(
            abs(p_settled_accounting_amount),
            abs(reimbursement.prorate(p_accounting_amount, p_settle_to, p_amount, p_currency)))
        else sign(p_amount) * greatest(
            abs(p_settled_accounting_amount),
            abs(reimbursement.prorate(p_accounting_amount, p_settle_to, p_amount, p_currency)))
    end
$$;

comment on function reimbursement.settled_accounting(numeric, numeric, numeric, numeric, numeric, text) is
'The settled part of an accounting amount once so much of the amount is settled: cumulative rounding.';
