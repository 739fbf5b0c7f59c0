-- Locks the vendor transactions of payments, in the order of their ids: until this transaction ends nobody reverses
-- them, and no other message says anything of them.
--
-- Reads: vendor_transactions. Locks: vendor_transactions, for no key update.
create or replace function reimbursement.lock_payments(p_legal_entity_id text, p_payment_numbers text[]) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    perform from (
        select t.vendor_transaction_id
        from unnest(p_payment_numbers) as n (number)
        cross join lateral (
            select x.vendor_transaction_id
            from reimbursement.vendor_transactions as x
            where x.legal_entity_id = p_legal_entity_id and x.voucher = n.number and x.transaction_type = 'payment'
            limit 1
        ) as t
        order by t.vendor_transaction_id
        offset 0
    ) as k
    cross join lateral (
        select from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.vendor_transaction_id between k.vendor_transaction_id and k.vendor_transaction_id
        order by x.vendor_transaction_id
        for no key update
    ) as t;
end
$$;

comment on function reimbursement.lock_payments(text, text []) is
'Locks the vendor transactions of payments, in the order of their ids.';
