-- Trigger: refuses an exchange rate for the accounting currency, which is 1 by definition.
--
-- Reads: legal_entities. Raises: RB016.
create or replace function reimbursement.refuse_accounting_currency_rate() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    -- The error would tell the currency of a legal entity whose policy refuses the row only afterwards.
    if session_user <> current_user or current_setting('role') <> 'none' then
        perform reimbursement.require_duty(new.legal_entity_id, 'master');
    end if;
    if exists (select from reimbursement.legal_entities as le
        where le.legal_entity_id = new.legal_entity_id and le.accounting_currency = new.currency)
    then
        raise exception using errcode = 'RB016',
            message = format('%s is the accounting currency of legal entity "%s": its rate is 1 and is not stored',
                new.currency, new.legal_entity_id),
            hint = 'Leave this row out.';
    end if;
    return new;
end
$$;

comment on function reimbursement.refuse_accounting_currency_rate() is
'Trigger: refuses an exchange rate for the accounting currency.';
