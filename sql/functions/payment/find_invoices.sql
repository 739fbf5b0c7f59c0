-- The open invoices that a payment run's choices name and that are due, of a part of the vendors, by the index of open
-- invoices: what is read follows what the filter names and what is open, not what was ever invoiced.
--
-- Vendors whose folded accounts lie above p_vendor_after and up to p_vendor_through (null: no bound).
-- Reads: vendor_transactions. Writes and locks nothing. Raises: RB005 the filter does not parse.
create or replace function reimbursement.find_invoices(
    p_legal_entity_id text, p_choices reimbursement.vendor_payment_choices, p_vendor_after text default null,
    p_vendor_through text default null
) returns table (vendor_transaction_id bigint, vendor_account text)
language sql stable
as $$
    with filters as materialized (
        select reimbursement.parse_account_filter((p_choices).vendor_filter, 'vendor_filter') as vendors
    ),
    spans as materialized (
        select f.vendors, s.span, coalesce(lower(s.span), '') as begins, upper(s.span) as ends
        from filters as f
        cross join lateral unnest(
            reimbursement.filter_spans(f.vendors)
            * reimbursement.account_multirange(reimbursement.account_range(p_vendor_after, p_vendor_through, '(]'))
        ) as s (span)
    )
    select t.vendor_transaction_id, t.vendor_account
    from spans as s
    cross join lateral (
        (
            select x.vendor_transaction_id, x.vendor_account, x.due_date, x.currency
            from reimbursement.vendor_transactions as x
            where s.ends is not null and x.legal_entity_id = p_legal_entity_id
                and x.settled_amount <> x.amount and x.transaction_type = 'invoice'
                and reimbursement.fold_account(x.vendor_account) >= s.begins
                and reimbursement.fold_account(x.vendor_account) <= s.ends
            order by reimbursement.fold_account(x.vendor_account)
        )
        union all
        (
            select x.vendor_transaction_id, x.vendor_account, x.due_date, x.currency
            from reimbursement.vendor_transactions as x
            where s.ends is null and x.legal_entity_id = p_legal_entity_id
                and x.settled_amount <> x.amount and x.transaction_type = 'invoice'
                and reimbursement.fold_account(x.vendor_account) >= s.begins
            order by reimbursement.fold_account(x.vendor_account)
        )
        offset 0
    ) as t
    where t.due_date <= (p_choices).due_through
        and ((p_choices).currency is null or t.currency = (p_choices).currency)
        and reimbursement.fold_account(t.vendor_account) <@ s.span
        and reimbursement.matches_filter(reimbursement.fold_account(t.vendor_account), s.vendors)
$$;

comment on function reimbursement.find_invoices(text, reimbursement.vendor_payment_choices, text, text) is
'The open, due invoices that a payment run''s choices name, of a part of the vendors, by the index of open invoices.';
