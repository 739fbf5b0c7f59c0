-- Whether the bank file can carry an amount: up to 999,999,999.99 in SEPA, 18 digits with the decimals elsewhere.
--
-- Returns: true or false; null for null, and for an unknown currency.
-- Calls: is_sepa_transfer, minor_unit.
create or replace function reimbursement.fits_transfer(p_amount numeric, p_currency text, p_iban text) returns boolean
language sql immutable parallel safe
as $$
    select case
        when reimbursement.is_sepa_transfer(p_currency, p_iban) then p_amount <= 999999999.99
        else p_amount < power(10::numeric, 18 - reimbursement.minor_unit(p_currency))
    end
$$;

comment on function reimbursement.fits_transfer(numeric, text, text) is
'Whether the bank file can carry an amount: up to 999,999,999.99 in SEPA, 18 digits elsewhere.';
