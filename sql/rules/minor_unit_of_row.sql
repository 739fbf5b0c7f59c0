-- The number of decimals of a currency, as minor_unit says it, for constraints alone.
--
-- PL/pgSQL plans an expression anew when it is called under another search_path. A constraint is called under that of
-- the session, and the triggers of the same row under their own: each has a function of its own, so that a load does
-- not plan this expression again for every row.
create or replace function reimbursement.minor_unit_of_row(p_currency text) returns integer
language plpgsql immutable parallel safe
as $$
begin
    return (reimbursement.currencies() operator(pg_catalog.->) p_currency)::integer;
end
$$;

comment on function reimbursement.minor_unit_of_row(text) is
'Decimals of an ISO 4217 currency, for constraints, which are called under the search_path of the session.';
