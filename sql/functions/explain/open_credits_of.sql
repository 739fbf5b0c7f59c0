-- The open credits of a customer in the currency of a batch, of any date, each with all that it waits for: held,
-- not_refundable, cooling. As select_transactions has it, for the eyes.
--
-- is_looked_at: dated up to the cut-off. cooling_until: the last day on which it cools; null where it does not, or
-- where that lies beyond all calendars.
-- Reads: customer_transactions, credit_rules.
create or replace function reimbursement.open_credits_of(
    p_legal_entity_id text, p_customer_account text, p_batch reimbursement.reimbursement_batch
) returns table (
    customer_transaction_id bigint, voucher text, transaction_type text, transaction_date date, due_date date,
    currency text, open_amount numeric, open_accounting_amount numeric, last_settled_on date, marked_for text,
    held_until date, hold_reason text, cooling_until date, is_looked_at boolean, waits_for text []
)
language sql stable
as $$
    select
        t.customer_transaction_id, t.voucher, t.transaction_type, t.transaction_date, t.due_date, t.currency,
        -t.open_amount, -t.open_accounting_amount, t.last_settled_on, t.marked_for, t.held_until, t.hold_reason,
        case when r.cooling_days between 1 and 100000 then t.transaction_date + r.cooling_days end,
        t.transaction_date <= (p_batch).credits_through,
        array_remove(array[
            case when t.held_until >= d.first_day then 'held' end,
            case when not r.is_refundable then 'not_refundable' end,
            case
                when r.cooling_days > 0 and d.first_day - t.transaction_date <= r.cooling_days then 'cooling'
            end
        ], null)
    from reimbursement.customer_transactions as t
    cross join (select least((p_batch).posting_date, (p_batch).transfer_date) as first_day) as d
    left join lateral (
        select x.is_refundable, x.cooling_days
        from reimbursement.credit_rules as x
        where x.legal_entity_id = p_legal_entity_id and x.transaction_type = t.transaction_type
        limit 1
    ) as r on true
    where t.legal_entity_id = p_legal_entity_id
        and reimbursement.fold_account(t.customer_account) = reimbursement.fold_account(p_customer_account)
        and t.customer_account = p_customer_account
        and t.amount < 0 and t.settled_amount <> t.amount
        and ((p_batch).currency is null or t.currency = (p_batch).currency)
$$;

comment on function reimbursement.open_credits_of(text, text, reimbursement.reimbursement_batch) is
'The open credits of a customer in the currency of a batch, each with all that it waits for.';
