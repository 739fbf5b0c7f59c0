-- The payments with these numbers, and whether each was reversed already: what enqueue and transfer share.
--
-- Only vendors above p_vendor_after and up to p_vendor_through (null: no bound).
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
    from reimbursement.payments as p
    left join reimbursement.vendor_transactions as t
        on t.legal_entity_id = p_legal_entity_id and t.voucher = p.payment_number
    left join reimbursement.reversals as v
        on v.legal_entity_id = p_legal_entity_id and v.reversed_voucher = p.payment_number
    where p.legal_entity_id = p_legal_entity_id and p.payment_number = any (p_payment_numbers)
        and (p_vendor_after is null or p.vendor_account > p_vendor_after)
        and (p_vendor_through is null or p.vendor_account <= p_vendor_through)
$$;

comment on function reimbursement.find_payments(text, text[], text, text) is
'The payments with these numbers, and whether each was reversed already. Writes nothing.';
