-- The open debits of a customer, of any date and currency, and whether a batch nets them against credits.
--
-- reaches: how much of the debits of its currency that are netted comes before it, oldest due date first.
-- Reads: customer_transactions.
create or replace function reimbursement.open_debits_of(
    p_legal_entity_id text, p_customer_account text, p_batch reimbursement.reimbursement_batch
) returns table (
    customer_transaction_id bigint, voucher text, transaction_type text, transaction_date date, due_date date,
    currency text, open_amount numeric, open_accounting_amount numeric, last_settled_on date, marked_for text,
    is_netted boolean, reaches numeric
)
language sql stable
as $$
    select
        t.customer_transaction_id, t.voucher, t.transaction_type, t.transaction_date, t.due_date, t.currency,
        t.open_amount, t.open_accounting_amount, t.last_settled_on, t.marked_for, n.is_netted,
        coalesce(
            sum(t.open_amount) filter (where n.is_netted) over (
                partition by t.currency order by t.due_date, t.transaction_date, t.customer_transaction_id
                rows between unbounded preceding and 1 preceding
            ), 0
        )
    from reimbursement.customer_transactions as t
    cross join lateral (
        select
            (p_batch).net_open_debits and t.transaction_date <= (p_batch).posting_date
            and ((p_batch).currency is null or t.currency = (p_batch).currency) as is_netted
    ) as n
    where t.legal_entity_id = p_legal_entity_id and t.customer_account = p_customer_account
        and t.amount > 0 and t.settled_amount <> t.amount
$$;

comment on function reimbursement.open_debits_of(text, text, reimbursement.reimbursement_batch) is
'The open debits of a customer, and whether a batch nets them against credits.';
