-- Closes the vendor transactions of the reversed documents, invoices or payments: a transaction of type reversal and of
-- the opposite amount for each, and the settlement that ties the two.
--
-- Reads: new_reversals, vendor_transactions. Writes: vendor_transactions, vendor_settlements.
create or replace function reimbursement.close_vendor_transactions(p_run_id bigint, p_posting_date date) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.vendor_transactions (
        legal_entity_id, vendor_account, transaction_type, voucher, invoice_number, transaction_date, due_date,
        payable_account, currency, amount, accounting_amount, settled_amount, settled_accounting_amount,
        last_settled_on, run_id
    )
    select
        r.legal_entity_id, t.vendor_account, 'reversal', r.voucher, t.invoice_number, p_posting_date, p_posting_date,
        t.payable_account, t.currency, -t.amount, -t.accounting_amount, -t.amount, -t.accounting_amount,
        p_posting_date, p_run_id
    from pg_temp.new_reversals as r
    left join lateral (
        select x.*
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = r.legal_entity_id
            and x.vendor_transaction_id between r.vendor_transaction_id and r.vendor_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as t on true
    where r.reversed_type <> 'netting'
    order by r.voucher;

    insert into reimbursement.vendor_settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, run_id
    )
    select
        r.legal_entity_id,
        case when t.amount > 0 then t.vendor_transaction_id else c.vendor_transaction_id end,
        case when t.amount > 0 then c.vendor_transaction_id else t.vendor_transaction_id end,
        t.currency, abs(t.amount), abs(t.accounting_amount), abs(t.accounting_amount), p_posting_date, p_run_id
    from pg_temp.new_reversals as r
    left join lateral (
        select x.*
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = r.legal_entity_id
            and x.vendor_transaction_id between r.vendor_transaction_id and r.vendor_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as t on true
    left join lateral (
        select x.vendor_transaction_id
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = r.legal_entity_id and x.voucher between r.voucher and r.voucher
            and x.transaction_type <> 'invoice'
        order by x.voucher
        limit 1
    ) as c on true
    where r.reversed_type <> 'netting';

    update reimbursement.vendor_transactions as t
    set settled_amount = t.amount, settled_accounting_amount = t.accounting_amount, last_settled_on = p_posting_date
    from pg_temp.new_reversals as r
    cross join lateral (
        select x.ctid as place
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = r.legal_entity_id
            and x.vendor_transaction_id between r.vendor_transaction_id and r.vendor_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as k
    where t.ctid = k.place;
end
$$;

comment on function reimbursement.close_vendor_transactions(bigint, date) is
'Closes the vendor transactions of the reversed documents by transactions of type reversal.';
