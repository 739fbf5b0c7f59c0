-- Closes the debits of the reversed reimbursements: a credit of type reversal for each, and the settlement that ties
-- the two in the place of those that were undone.
--
-- Reads: documents_to_reverse, new_reversals, customer_transactions.
-- Writes: customer_transactions, settlements.
create or replace function reimbursement.close_reimbursement_transactions(
    p_legal_entity_id text, p_run_id bigint, p_posting_date date
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
        accounting_amount, settled_amount, settled_accounting_amount, receivable_account, dimension_set_id,
        last_settled_on, last_run_id, run_id
    )
    select
        p_legal_entity_id, t.customer_account, 'reversal', r.voucher, p_posting_date, p_posting_date, t.currency,
        -t.amount, -t.accounting_amount, -t.amount, -t.accounting_amount, t.receivable_account, t.dimension_set_id,
        p_posting_date, p_run_id, p_run_id
    from pg_temp.documents_to_reverse as d
    inner join pg_temp.new_reversals as r on r.reversed_voucher = d.reversed_voucher
    left join reimbursement.customer_transactions as t
        on t.legal_entity_id = p_legal_entity_id and t.run_id = d.run_id and t.voucher = d.reversed_voucher
            and t.transaction_type = 'reimbursement'
    order by r.voucher, t.customer_transaction_id;

    -- A voucher has one debit a receivable account and dimension set, and so has its reversal a credit.
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, run_id, is_netting
    )
    select
        p_legal_entity_id, t.customer_transaction_id, c.customer_transaction_id, t.currency, t.amount,
        t.accounting_amount, t.accounting_amount, p_posting_date, p_run_id, false
    from pg_temp.documents_to_reverse as d
    inner join pg_temp.new_reversals as r on r.reversed_voucher = d.reversed_voucher
    left join reimbursement.customer_transactions as t
        on t.legal_entity_id = p_legal_entity_id and t.run_id = d.run_id and t.voucher = d.reversed_voucher
            and t.transaction_type = 'reimbursement'
    left join reimbursement.customer_transactions as c
        on c.legal_entity_id = p_legal_entity_id and c.run_id = p_run_id and c.voucher = r.voucher
            and c.receivable_account = t.receivable_account and c.dimension_set_id = t.dimension_set_id;

    update reimbursement.customer_transactions as t
    set last_settled_on = p_posting_date, last_run_id = p_run_id
    from pg_temp.documents_to_reverse as d
    where t.legal_entity_id = p_legal_entity_id and t.run_id = d.run_id and t.voucher = d.reversed_voucher
        and t.transaction_type = 'reimbursement' and d.skip_reason is null;
end
$$;

comment on function reimbursement.close_reimbursement_transactions(text, bigint, date) is
'Closes the debits of the reversed reimbursements by credits of type reversal.';
