-- The customers that the batches of a pass name and who have an open credit, by the index of open credits: what is read
-- follows what the filters name and what is open, not how many customers there are.
--
-- batch: its place in p_batches, from 1. A batch has the folded accounts above its account_after and up to its
-- account_through. The filter on customer groups is left to the caller, who has the customer's row.
-- Reads: customer_transactions. Writes and locks nothing.
create or replace function reimbursement.find_customers(
    p_legal_entity_id text, p_batches reimbursement.reimbursement_batch []
) returns table (batch bigint, customer_account text)
language sql stable
as $$
    with spans as materialized (
        select
            b.ordinality as batch, s.span, coalesce(lower(s.span), '') as begins, upper(s.span) as ends
        from unnest(p_batches) with ordinality as b
        cross join lateral unnest(
            reimbursement.filter_spans(b.customers)
            * reimbursement.account_multirange(reimbursement.account_range(b.account_after, b.account_through, '(]'))
        ) as s (span)
    )
    select distinct s.batch, t.customer_account
    from spans as s
    cross join lateral (
        select x.customer_account
        from reimbursement.customer_transactions as x
        where s.ends is not null and x.legal_entity_id = p_legal_entity_id
            and x.amount < 0 and x.settled_amount <> x.amount
            and reimbursement.fold_account(x.customer_account) >= s.begins
            and reimbursement.fold_account(x.customer_account) <= s.ends
        union all
        select x.customer_account
        from reimbursement.customer_transactions as x
        where s.ends is null and x.legal_entity_id = p_legal_entity_id
            and x.amount < 0 and x.settled_amount <> x.amount
            and reimbursement.fold_account(x.customer_account) >= s.begins
        offset 0
    ) as t
    where reimbursement.fold_account(t.customer_account) <@ s.span
        and reimbursement.matches_filter(
            reimbursement.fold_account(t.customer_account), (p_batches[s.batch]).customers)
$$;

comment on function reimbursement.find_customers(text, reimbursement.reimbursement_batch []) is
'The customers that the batches of a pass name and who have an open credit, by the index of open credits.';
