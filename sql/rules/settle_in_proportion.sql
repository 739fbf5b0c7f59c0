-- Trigger: settles the accounting amount in proportion when somebody changes settled_amount alone.
--
-- Without it a transaction would be closed in its currency and open in accounting currency, or the other way round.
-- Reads: legal_entities.
create or replace function reimbursement.settle_in_proportion() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    new.settled_accounting_amount := reimbursement.settled_accounting(
        new.amount, new.accounting_amount, old.settled_amount, old.settled_accounting_amount, new.settled_amount,
        (select le.accounting_currency from reimbursement.legal_entities as le
            where le.legal_entity_id = new.legal_entity_id));
    return new;
end
$$;

comment on function reimbursement.settle_in_proportion() is
'Trigger: settles the accounting amount in proportion when settled_amount alone is changed.';
