-- Writes the vendor's side: a debit of type payment for each payment, and the settlements that tie it to the invoices
-- it pays, each wholly.
--
-- The debit's side of a settlement has what the invoice adds to the payment's accounting amount, the credit's side the
-- invoice's own.
-- p_transaction_ids: the ids of the payments' vendor transactions, by payment_index.
-- Reads: new_payments, selected_invoices. Writes: vendor_transactions, vendor_settlements.
-- Locks: the invoices' vendor_transactions, which lock_invoices has locked.
-- Raises: 40001, to be tried again, when an invoice is not as it was selected.
create or replace function reimbursement.settle_invoices(
    p_run_id bigint, p_payment_date date, p_transaction_ids bigint[]
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_selected constant bigint := (
        select count(*) from pg_temp.selected_invoices as s where s.payment_index is not null
    );
    v_settled bigint;
begin
    insert into reimbursement.vendor_transactions (
        legal_entity_id, vendor_transaction_id, vendor_account, transaction_type, voucher, invoice_number,
        transaction_date, due_date, payable_account, currency, amount, accounting_amount, settled_amount,
        settled_accounting_amount, last_settled_on, run_id
    )
    select
        p.legal_entity_id, p.vendor_transaction_id, p.vendor_account, 'payment', p.payment_number,
        p.invoice_number, p_payment_date, p_payment_date, p.payable_account, p.currency, p.amount,
        p.accounting_amount, p.amount, p.accounting_amount, p_payment_date, p_run_id
    from pg_temp.new_payments as p;

    insert into reimbursement.vendor_settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
        debit_accounting_amount, credit_accounting_amount, settled_on, run_id
    )
    select
        s.legal_entity_id, p_transaction_ids[s.payment_index], s.vendor_transaction_id, s.currency, s.amount,
        s.accounting_amount, s.invoice_accounting_amount, p_payment_date, p_run_id
    from pg_temp.selected_invoices as s
    where s.payment_index is not null
    order by s.payment_index, s.due_date, s.invoice_number;

    update reimbursement.vendor_transactions as t
    set settled_amount = t.amount, settled_accounting_amount = t.accounting_amount, last_settled_on = p_payment_date
    from pg_temp.selected_invoices as s
    cross join lateral (
        select x.ctid as place
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = s.legal_entity_id
            and x.vendor_transaction_id between s.vendor_transaction_id and s.vendor_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as k
    where t.ctid = k.place and s.payment_index is not null
        and -t.open_amount = s.amount and -t.open_accounting_amount = s.invoice_accounting_amount;
    get diagnostics v_settled = row_count;
    if v_settled <> v_selected then
        raise exception using errcode = 'serialization_failure',
            message = format('%s of %s invoices were settled or changed by somebody else meanwhile',
                v_selected - v_settled, v_selected),
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
end
$$;

comment on function reimbursement.settle_invoices(bigint, date, bigint[]) is
'Writes the vendor''s side: the payments as vendor transactions, and their settlements with the invoices.';
