-- Trigger: keeps the amounts, dates, currency and accounts of a customer transaction that a settlement has touched.
--
-- Reads: settlements. Raises: RB015.
create or replace function reimbursement.keep_settled_transaction() returns trigger
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    if old.run_id is not null
        or exists (select from reimbursement.settlements as s
            where s.legal_entity_id = old.legal_entity_id and s.debit_transaction_id = old.customer_transaction_id)
        or exists (select from reimbursement.settlements as s
            where s.legal_entity_id = old.legal_entity_id and s.credit_transaction_id = old.customer_transaction_id)
    then
        raise exception using errcode = 'RB015',
            message = format('customer transaction %s of legal entity "%s" has been settled here and cannot be changed',
                old.customer_transaction_id, old.legal_entity_id),
            detail = 'Amounts, dates, currency and accounts of a settled transaction are fixed.',
            hint = 'Post a correction as a transaction of its own.';
    end if;
    return new;
end
$$;

comment on function reimbursement.keep_settled_transaction() is
'Trigger: refuses to change amounts, dates, currency or accounts of a transaction that was settled here.';
