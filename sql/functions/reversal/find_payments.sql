-- The payments with these numbers, whether each was reversed already, and whether a bank file has it: what enqueue,
-- preview and transfer share.
--
-- in_bank_file: the bank is told to make it; false for a transfer whose run has not written its files yet.
-- Only vendors above p_vendor_after and up to p_vendor_through (null: no bound). Every look-up is by a whole key.
-- Reads: payments, vendor_transactions, reversals, payment_files. Writes and locks nothing.
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
    reversed_by text,
    is_transfer boolean,
    in_bank_file boolean
)
language sql stable
as $$
    select
        p.payment_number, p.run_id, p.vendor_account, p.accounting_amount, t.vendor_transaction_id,
        greatest(p.payment_date, t.last_settled_on), v.voucher, p.is_transfer,
        p.is_transfer and exists (
            select from reimbursement.payment_files as x
            where x.legal_entity_id = p_legal_entity_id and x.run_id = p.run_id and x.bank_account = p.bank_account
            offset 0
        )
    from (select distinct n.number from unnest(p_payment_numbers) as n (number)) as w
    cross join lateral (
        select
            x.payment_number, x.run_id, x.vendor_account, x.accounting_amount, x.payment_date, x.is_transfer,
            x.bank_account
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
'The payments with these numbers, whether each was reversed already, and whether a bank file has it. Writes nothing.';
