-- Trigger: keeps a customer transaction that a settlement has touched: its amounts, dates, currency and accounts, and
-- the row itself.
--
-- A row that a run is just settling is locked, so a DELETE waits for the run and then sees its settlements.
-- Reads: settlements. Raises: RB015; 23503 for a DELETE.
create or replace function reimbursement.keep_settled_transaction() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    if old.run_id is not null
        or exists (select from reimbursement.settlements as s
            where s.legal_entity_id = old.legal_entity_id and s.debit_transaction_id = old.customer_transaction_id)
        or exists (select from reimbursement.settlements as s
            where s.legal_entity_id = old.legal_entity_id and s.credit_transaction_id = old.customer_transaction_id)
    then
        raise exception using
            errcode = case tg_op when 'DELETE' then '23503' else 'RB015' end,
            message = format('customer transaction %s of legal entity "%s" has been settled here and cannot be %s',
                old.customer_transaction_id, old.legal_entity_id,
                case tg_op when 'DELETE' then 'deleted' else 'changed' end),
            detail = 'Amounts, dates, currency and accounts of a settled transaction are fixed.',
            hint = 'Post a correction as a transaction of its own.';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function reimbursement.keep_settled_transaction() is
'Trigger: refuses to delete a transaction that was settled here, or to change its amounts, dates, currency or accounts.';
