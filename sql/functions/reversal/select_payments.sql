-- Locks the vendor transactions that the reversal of payments touches, in the order of their ids, and fills the work
-- table with the payments of the batch.
--
-- The payment's own transaction and those of its invoices are locked, so that nobody pays or reverses them meanwhile.
-- What is selected and checked is read by statements of their own after that.
-- Reads: what find_payments reads, vendor_settlements. Writes: documents_to_reverse. Locks: vendor_transactions, for no
-- key update. Raises: RB025 what cannot be reversed any more, RB026 a date before what it touches.
create or replace function reimbursement.select_payments(
    p_legal_entity_id text, p_posting_date date, p_payment_numbers text[], p_after text, p_through text
) returns void
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_numbers constant text[] := array(
        select f.payment_number
        from reimbursement.find_payments(p_legal_entity_id, p_payment_numbers, p_after, p_through) as f
    );
begin
    perform from reimbursement.vendor_transactions as t
    where t.legal_entity_id = p_legal_entity_id
        and t.vendor_transaction_id in (
            select f.vendor_transaction_id
            from reimbursement.find_payments(p_legal_entity_id, v_numbers) as f
            union all
            select s.credit_transaction_id
            from reimbursement.find_payments(p_legal_entity_id, v_numbers) as f
            inner join reimbursement.vendor_settlements as s
                on s.legal_entity_id = p_legal_entity_id and s.debit_transaction_id = f.vendor_transaction_id
        )
    order by t.vendor_transaction_id
    for no key update of t;

    insert into pg_temp.documents_to_reverse
    select
        'payment', f.payment_number, f.run_id, f.vendor_account, f.vendor_transaction_id, f.accounting_amount,
        f.latest_date, null
    from reimbursement.find_payments(p_legal_entity_id, v_numbers) as f;
    analyze pg_temp.documents_to_reverse;

    if cardinality(v_numbers) > 0 then
        perform reimbursement.check_payments_to_reverse(p_legal_entity_id, v_numbers, p_posting_date);
    end if;
end
$$;

comment on function reimbursement.select_payments(text, date, text[], text, text) is
'Locks and selects the payments to reverse.';
