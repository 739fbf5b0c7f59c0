-- Locks the vendor transactions that the reversal of payments touches, in the order of their ids, and fills the work
-- table with the payments of the batch.
--
-- The payment's own transaction and those of its invoices are locked, so that nobody pays or reverses them meanwhile.
-- What is selected and checked is read by statements of their own after that.
-- p_leaves_reversed: what was reversed meanwhile is left alone, and is no error: so it is with what a bank's message
-- causes, where one payment is not to hold up the others.
-- Reads: what find_payments reads, vendor_settlements. Writes: reversed_documents. Locks: vendor_transactions, for no
-- key update. Raises: RB025 what cannot be reversed any more, RB026 a date before what it touches.
create or replace function reimbursement.select_payments(
    p_legal_entity_id text, p_posting_date date, p_payment_numbers text[], p_after text, p_through text,
    p_leaves_reversed boolean default false
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_numbers text[];
    v_payment_ids bigint[];
    v_transaction_ids bigint[];
begin
    select array_agg(f.payment_number), array_agg(f.vendor_transaction_id) into v_numbers, v_payment_ids
    from reimbursement.find_payments(p_legal_entity_id, p_payment_numbers, p_after, p_through) as f;
    select array_agg(n.vendor_transaction_id order by n.vendor_transaction_id) into v_transaction_ids
    from (
        select k.vendor_transaction_id
        from unnest(v_payment_ids) as k (vendor_transaction_id)
        union
        select s.credit_transaction_id
        from unnest(v_payment_ids) as k (vendor_transaction_id)
        cross join lateral (
            select x.credit_transaction_id
            from reimbursement.vendor_settlements as x
            where x.legal_entity_id = p_legal_entity_id
                and x.debit_transaction_id between k.vendor_transaction_id and k.vendor_transaction_id
            order by x.debit_transaction_id
            offset 0
        ) as s
    ) as n;
    perform from unnest(v_transaction_ids) as k (vendor_transaction_id)
    cross join lateral (
        select from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.vendor_transaction_id between k.vendor_transaction_id and k.vendor_transaction_id
        order by x.vendor_transaction_id
        for no key update
    ) as t;

    insert into pg_temp.reversed_documents
    select
        p_legal_entity_id, 'payment', f.payment_number, f.run_id, f.vendor_account, f.vendor_transaction_id,
        f.accounting_amount, f.latest_date, null
    from reimbursement.find_payments(p_legal_entity_id, v_numbers) as f
    where f.reversed_by is null or not p_leaves_reversed;
    if p_leaves_reversed then
        v_numbers := array(select d.reversed_voucher from pg_temp.reversed_documents as d);
    end if;

    if cardinality(v_numbers) > 0 then
        perform reimbursement.check_payments_to_reverse(p_legal_entity_id, v_numbers, p_posting_date);
    end if;
end
$$;

comment on function reimbursement.select_payments(text, date, text[], text, text, boolean) is
'Locks and selects the payments to reverse.';
