-- Raises RB009: that is no currency.
create or replace function reimbursement.raise_unknown_currency(p_currency text) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    raise exception using errcode = 'RB009',
        message = format('%s is no currency', coalesce('"' || p_currency || '"', 'NULL')),
        hint = 'Give an ISO 4217 code in capital letters, such as EUR.';
end
$$;

comment on function reimbursement.raise_unknown_currency(text) is 'Raises RB009: that is no currency.';
