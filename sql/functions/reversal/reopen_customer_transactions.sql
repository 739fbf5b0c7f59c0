-- Opens again what the undone settlements had settled: each credit by that much, and so the debit of a netting. The
-- debit of a reimbursement is closed by its reversal instead.
--
-- Reads: undone_settlements. Writes: customer_transactions, which select_reimbursements has locked.
create or replace function reimbursement.reopen_customer_transactions(p_run_id bigint, p_posting_date date) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    update reimbursement.customer_transactions as t
    set
        settled_amount = t.settled_amount - u.amount,
        settled_accounting_amount = t.settled_accounting_amount - u.accounting_amount,
        last_settled_on = p_posting_date,
        last_run_id = p_run_id
    from (
        select
            b.legal_entity_id, b.customer_transaction_id, sum(b.amount) as amount,
            sum(b.accounting_amount) as accounting_amount
        from (
            select
                d.legal_entity_id, d.debit_transaction_id as customer_transaction_id, d.amount,
                d.debit_accounting_amount as accounting_amount
            from pg_temp.undone_settlements as d
            where d.is_netting
            union all
            select c.legal_entity_id, c.credit_transaction_id, -c.amount, -c.credit_accounting_amount
            from pg_temp.undone_settlements as c
        ) as b
        group by b.legal_entity_id, b.customer_transaction_id
    ) as u
    cross join lateral (
        select x.ctid as place
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = u.legal_entity_id
            and x.customer_transaction_id between u.customer_transaction_id and u.customer_transaction_id
        order by x.customer_transaction_id
        limit 1
    ) as k
    where t.ctid = k.place;
end
$$;

comment on function reimbursement.reopen_customer_transactions(bigint, date) is
'Opens again what the undone settlements on the customer''s side had settled.';
