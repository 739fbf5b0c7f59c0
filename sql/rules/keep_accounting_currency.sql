-- Trigger: keeps the accounting currency of a legal entity whose books have begun.
--
-- Reads: customer_transactions, exchange_rates. Raises: RB015.
create or replace function reimbursement.keep_accounting_currency() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    if exists (select from reimbursement.customer_transactions as t where t.legal_entity_id = old.legal_entity_id)
        or exists (select from reimbursement.exchange_rates as r where r.legal_entity_id = old.legal_entity_id)
    then
        raise exception using errcode = 'RB015',
            message = format('the accounting currency of legal entity "%s" cannot become %s: it has transactions or exchange rates in %s',
                old.legal_entity_id, new.accounting_currency, old.accounting_currency),
            hint = 'Create a legal entity of its own for the other currency.';
    end if;
    return new;
end
$$;

comment on function reimbursement.keep_accounting_currency() is
'Trigger: refuses to change the accounting currency of a legal entity that has transactions or rates.';
