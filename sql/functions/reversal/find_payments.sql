-- The payments with these numbers, and whether each was reversed already: what enqueue and transfer share.
--
-- Only vendors above p_vendor_after and up to p_vendor_through (null: no bound). Every look-up is by a whole key.
-- Reads: payments, vendor_transactions, reversals. Writes and locks nothing.
create or replace function reimbursement.find_payments(
    p_legal_entity_id text, p_payment_numbers text[], p_vendor_after text default null,
    p_vendor_through text default null
) returns table (
    payment_number text,
    run_id bigint,
    vendor_account text,
    accounting_amount numeric,
    vendor_transaction_id bigint,
    latest_date date,
    reversed_by text
)
language sql stable
as $$
    select
        p.payment_number, p.run_id, p.vendor_account, p.accounting_amount, t.vendor_transaction_id,
        greatest(p.payment_date, t.last_settled_on), v.voucher
    from (select distinct n.number from unnest(p_payment_numbers) as n (number)) as w
    cross join lateral (
        select x.payment_number, x.run_id, x.vendor_account, x.accounting_amount, x.payment_date
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.payment_number between w.number and w.number
            and (p_vendor_after is null or x.vendor_account > p_vendor_after)
            and (p_vendor_through is null or x.vendor_account <= p_vendor_through)
        order by x.payment_number
        limit 1
    ) as p
    left join lateral (
        select x.vendor_transaction_id, x.last_settled_on
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id and x.voucher between p.payment_number and p.payment_number
            and x.transaction_type <> 'invoice'
        order by x.voucher
        limit 1
    ) as t on true
    left join lateral (
        select x.voucher
        from reimbursement.reversals as x
        where x.legal_entity_id = p_legal_entity_id and x.reversed_voucher between p.payment_number and p.payment_number
        order by x.reversed_voucher
        limit 1
    ) as v on true
$$;

comment on function reimbursement.find_payments(text, text[], text, text) is
'The payments with these numbers, and whether each was reversed already. Writes nothing.';
