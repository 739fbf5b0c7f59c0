-- Marks the selected transactions as settled, by what is netted and what is reimbursed of each.
--
-- Repeats what the selection saw: a row that somebody settled, marked or changed meanwhile does not match. A row is
-- looked for where the selection found it.
-- Reads: selected_transactions, legal_entities. Writes and locks: customer_transactions.
-- Raises: 40001, to be tried again, when a row does not match.
create or replace function reimbursement.settle_selected_transactions(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_accounting_currency constant text := (
        select le.accounting_currency from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
    v_selected bigint;
    v_settled bigint;
begin
    select count(*) into v_selected
    from pg_temp.selected_transactions as s
    where s.netted_amount + s.reimbursed_amount > 0;

    update reimbursement.customer_transactions as t
    set
        settled_amount = t.settled_amount + sign(t.amount) * (s.netted_amount + s.reimbursed_amount),
        settled_accounting_amount = case
            when s.reimbursed_amount > 0 then t.accounting_amount
            else reimbursement.settled_accounting(
                t.amount, t.accounting_amount, t.settled_amount, t.settled_accounting_amount,
                t.settled_amount + sign(t.amount) * s.netted_amount, v_accounting_currency)
        end,
        last_settled_on = s.posting_date,
        last_run_id = s.run_id
    from pg_temp.selected_transactions as s
    where t.ctid = s.row_version and t.legal_entity_id = s.legal_entity_id
        and t.customer_transaction_id = s.customer_transaction_id
        and s.netted_amount + s.reimbursed_amount > 0
        and t.marked_for is null
        and t.settled_amount = s.settled_amount
        and t.settled_accounting_amount = s.settled_accounting_amount
        and t.last_settled_on is not distinct from s.last_settled_on
        and t.customer_account = s.customer_account
        and t.transaction_date = s.transaction_date
        and t.currency = s.currency
        and t.amount = s.amount
        and t.accounting_amount = s.accounting_amount
        and t.receivable_account = s.receivable_account
        and t.dimension_set_id = s.dimension_set_id;
    get diagnostics v_settled = row_count;
    if v_settled <> v_selected then
        raise exception using errcode = 'serialization_failure',
            message = format('%s of %s customer transactions were settled, marked or changed by somebody else meanwhile',
                v_selected - v_settled, v_selected),
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
end
$$;

comment on function reimbursement.settle_selected_transactions(text) is
'Marks the selected transactions as settled; 40001 when somebody else changed one meanwhile.';
