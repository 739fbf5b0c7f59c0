-- Trigger: makes the first bank account of a currency its default, and no later one, where nothing is said.
--
-- It is volatile, so that the rows of one INSERT see each other.
-- Reads: bank_accounts.
create or replace function reimbursement.fill_bank_account() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    new.is_default := not exists (select from reimbursement.bank_accounts as b
        where b.legal_entity_id = new.legal_entity_id and b.currency = new.currency and b.is_default);
    return new;
end
$$;

comment on function reimbursement.fill_bank_account() is
'Trigger: makes the first bank account of a currency its default, where nothing is said.';
