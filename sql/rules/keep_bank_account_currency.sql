-- Trigger: keeps the currency of a bank account that has paid.
--
-- Reads: payments. Raises: RB015.
create or replace function reimbursement.keep_bank_account_currency() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    if exists (
        select from reimbursement.payments as p
        where p.legal_entity_id = old.legal_entity_id and p.bank_account = old.bank_account
    ) then
        raise exception using errcode = 'RB015',
            message = format('bank account "%s" of legal entity "%s" has paid in %s and cannot become one in %s',
                old.bank_account, old.legal_entity_id, old.currency, new.currency),
            hint = 'Create a bank account of its own for the other currency.';
    end if;
    return new;
end
$$;

comment on function reimbursement.keep_bank_account_currency() is
'Trigger: refuses to change the currency of a bank account that has paid.';
