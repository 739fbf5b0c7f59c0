-- The reimbursements that a reversal is about, and why it would leave one alone: the selection that enqueue, preview
-- and transfer share.
--
-- Either p_reimbursement_numbers or p_run_id. Only customers above p_customer_after and up to p_customer_through (null:
-- no bound). skip_reason: 'paid' until its payment is reversed, 'already_reversed'; null for one that is to be
-- reversed. latest_date: the posting date, or the latest settlement or reopening of the invoice. Every look-up is
-- by a whole key. Reads: reimbursements, vendor_transactions, reversals. Writes and locks nothing.
create or replace function reimbursement.find_reimbursements(
    p_legal_entity_id text,
    p_reimbursement_numbers text[],
    p_run_id bigint,
    p_customer_after text default null,
    p_customer_through text default null
) returns table (
    reimbursement_number text,
    run_id bigint,
    customer_account text,
    vendor_account text,
    invoice_number text,
    currency text,
    amount numeric,
    accounting_amount numeric,
    vendor_transaction_id bigint,
    latest_date date,
    skip_reason text
)
language sql stable
as $$
    with named as (
        select r.*
        from (select distinct n.number from unnest(p_reimbursement_numbers) as n (number)) as w
        cross join lateral (
            select x.*
            from reimbursement.reimbursements as x
            where x.legal_entity_id = p_legal_entity_id and x.reimbursement_number between w.number and w.number
                and (p_customer_after is null or x.customer_account > p_customer_after)
                and (p_customer_through is null or x.customer_account <= p_customer_through)
            order by x.reimbursement_number
            limit 1
        ) as r
        union all
        (
            select r.*
            from reimbursement.reimbursements as r
            where r.legal_entity_id = p_legal_entity_id and r.run_id between p_run_id and p_run_id
                and (p_customer_after is null or r.customer_account > p_customer_after)
                and (p_customer_through is null or r.customer_account <= p_customer_through)
            order by r.run_id
            offset 0
        )
    )
    select
        n.reimbursement_number, n.run_id, n.customer_account, n.vendor_account, n.invoice_number, n.currency, n.amount,
        n.accounting_amount, t.vendor_transaction_id, greatest(n.posting_date, t.last_settled_on),
        case
            when v.voucher is not null then 'already_reversed'
            when t.settled_amount <> 0 then 'paid'
        end
    from named as n
    left join lateral (
        select x.vendor_transaction_id, x.last_settled_on, x.settled_amount
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id and x.invoice_number between n.invoice_number and n.invoice_number
            and x.transaction_type = 'invoice'
        order by x.invoice_number
        limit 1
    ) as t on true
    left join lateral (
        select x.voucher
        from reimbursement.reversals as x
        where x.legal_entity_id = p_legal_entity_id
            and x.reversed_voucher between n.reimbursement_number and n.reimbursement_number
        order by x.reversed_voucher
        limit 1
    ) as v on true
$$;

comment on function reimbursement.find_reimbursements(text, text[], bigint, text, text) is
'The reimbursements that a reversal is about, and why it would leave one alone. Writes nothing.';
