-- Closes the debits of the reversed reimbursements: a credit of type reversal for each, and the settlement that ties
-- the two in the place of those that were undone.
--
-- Reads: new_reversals, customer_transactions.
-- Writes: customer_transactions, settlements.
create or replace function reimbursement.close_reimbursement_transactions(p_run_id bigint, p_posting_date date)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
        accounting_amount, settled_amount, settled_accounting_amount, receivable_account, dimension_set_id,
        last_settled_on, last_run_id, run_id
    )
    select
        r.legal_entity_id, t.customer_account, 'reversal', r.voucher, p_posting_date, p_posting_date, t.currency,
        -t.amount, -t.accounting_amount, -t.amount, -t.accounting_amount, t.receivable_account, t.dimension_set_id,
        p_posting_date, p_run_id, p_run_id
    from pg_temp.new_reversals as r
    left join lateral (
        select x.*
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = r.legal_entity_id and x.run_id = r.run_id
            and x.voucher between r.reversed_voucher and r.reversed_voucher
            and x.transaction_type = 'reimbursement'
        order by x.voucher
        offset 0
    ) as t on true
    where r.reversed_type = 'reimbursement'
    order by r.voucher, t.customer_transaction_id;

    -- A voucher has one debit a receivable account and dimension set, and so has its reversal a credit.
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, run_id, is_netting
    )
    select
        r.legal_entity_id, t.customer_transaction_id, c.customer_transaction_id, t.currency, t.amount,
        t.accounting_amount, t.accounting_amount, p_posting_date, p_run_id, false
    from pg_temp.new_reversals as r
    left join lateral (
        select x.*
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = r.legal_entity_id and x.run_id = r.run_id
            and x.voucher between r.reversed_voucher and r.reversed_voucher
            and x.transaction_type = 'reimbursement'
        order by x.voucher
        offset 0
    ) as t on true
    left join lateral (
        select x.customer_transaction_id
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = r.legal_entity_id and x.run_id = p_run_id
            and x.voucher between r.voucher and r.voucher
            and x.receivable_account = t.receivable_account and x.dimension_set_id = t.dimension_set_id
        order by x.voucher
        limit 1
    ) as c on true
    where r.reversed_type = 'reimbursement';

    update reimbursement.customer_transactions as t
    set last_settled_on = p_posting_date, last_run_id = p_run_id
    from pg_temp.new_reversals as r
    cross join lateral (
        select x.ctid as place
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = r.legal_entity_id and x.run_id = r.run_id
            and x.voucher between r.reversed_voucher and r.reversed_voucher
            and x.transaction_type = 'reimbursement'
        order by x.voucher
        offset 0
    ) as k
    where t.ctid = k.place and r.reversed_type = 'reimbursement';
end
$$;

comment on function reimbursement.close_reimbursement_transactions(bigint, date) is
'Closes the debits of the reversed reimbursements by credits of type reversal.';
