-- Trigger: refuses a settlement outside of runs whose debit or credit is not there.
--
-- Locks both for key share, as a foreign key does, so that nobody deletes one before this transaction ends.
-- Reads: customer_transactions. Raises: 23503.
create or replace function reimbursement.check_tied_transactions() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_transactions bigint;
begin
    perform from reimbursement.customer_transactions as t
    where t.legal_entity_id = new.legal_entity_id
        and t.customer_transaction_id in (new.debit_transaction_id, new.credit_transaction_id)
    order by t.customer_transaction_id
    for key share of t;
    get diagnostics v_transactions = row_count;
    if v_transactions < 2 then
        raise exception using errcode = 'foreign_key_violation',
            message = format('settlement %s of legal entity "%s" ties debit %s to credit %s, and one of them is no customer transaction',
                new.settlement_id, new.legal_entity_id, new.debit_transaction_id, new.credit_transaction_id),
            hint = 'settle_transactions() settles a debit against a credit.',
            schema = tg_table_schema, table = tg_table_name, constraint = tg_name;
    end if;
    return null;
end
$$;

comment on function reimbursement.check_tied_transactions() is
'Trigger: refuses a settlement outside of runs whose debit or credit is not there.';
