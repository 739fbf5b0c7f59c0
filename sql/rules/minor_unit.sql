-- The number of decimals of a currency (the minor unit of ISO 4217): JPY 0, EUR 2, KWD 3.
--
-- Returns: 0, 2, 3 or 4; null for a code that is no currency. Reads: nothing.
-- In PL/pgSQL the constant is parsed once a session; in SQL it would be parsed again by every statement. It sets no
-- search_path, which would cost more than the function itself; its operator is qualified instead.
create or replace function reimbursement.minor_unit(p_currency text) returns integer
language plpgsql immutable parallel safe
as $$
begin
    return (reimbursement.currencies() operator(pg_catalog.->) p_currency)::integer;
end
$$;

comment on function reimbursement.minor_unit(text) is
'Decimals of an ISO 4217 currency: JPY 0, EUR 2, KWD 3; null for a code that is no currency.';
