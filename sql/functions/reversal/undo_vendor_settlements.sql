-- Undoes the settlements of the reversed payments: a settlement of negative amount for each, and the invoices are open
-- again. The payment is closed by its reversal instead.
--
-- Reads: reversed_documents, vendor_settlements. Writes: vendor_settlements, vendor_transactions.
create or replace function reimbursement.undo_vendor_settlements(p_run_id bigint, p_posting_date date) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.vendor_settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, undoes_vendor_settlement_id, run_id
    )
    select
        d.legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, -s.amount,
        -s.debit_accounting_amount, -s.credit_accounting_amount, p_posting_date, s.vendor_settlement_id, p_run_id
    from pg_temp.reversed_documents as d
    left join lateral (
        select x.*
        from reimbursement.vendor_settlements as x
        where x.legal_entity_id = d.legal_entity_id
            and x.debit_transaction_id between d.vendor_transaction_id and d.vendor_transaction_id
        order by x.debit_transaction_id
        offset 0
    ) as s on true
    order by s.vendor_settlement_id;

    update reimbursement.vendor_transactions as t
    set
        settled_amount = t.settled_amount + u.amount,
        settled_accounting_amount = t.settled_accounting_amount + u.credit_accounting_amount,
        last_settled_on = p_posting_date
    from pg_temp.reversed_documents as d
    cross join lateral (
        select x.credit_transaction_id, x.amount, x.credit_accounting_amount
        from reimbursement.vendor_settlements as x
        where x.legal_entity_id = d.legal_entity_id
            and x.debit_transaction_id between d.vendor_transaction_id and d.vendor_transaction_id
            and x.undoes_vendor_settlement_id is null
        order by x.debit_transaction_id
        offset 0
    ) as u
    cross join lateral (
        select x.ctid as place
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = d.legal_entity_id
            and x.vendor_transaction_id between u.credit_transaction_id and u.credit_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as k
    where t.ctid = k.place;
end
$$;

comment on function reimbursement.undo_vendor_settlements(bigint, date) is
'Undoes the settlements of the reversed payments by settlements of negative amount.';
