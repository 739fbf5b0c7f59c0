-- Undoes the settlements on the customer's side: a settlement of negative amount for each, and its credit is open again
-- by that much, and so is the debit of a netting. The debit of a reimbursement is closed by its reversal instead.
--
-- Reads: settlements_to_undo, new_reversals. Writes: settlements. Writes and locks: customer_transactions.
create or replace function reimbursement.undo_settlements(p_legal_entity_id text, p_run_id bigint, p_posting_date date)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, voucher, undoes_settlement_id, run_id, is_netting
    )
    select
        p_legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, -s.amount,
        -s.debit_accounting_amount, -s.credit_accounting_amount, p_posting_date,
        case when s.is_netting then r.voucher end, s.settlement_id, p_run_id, s.is_netting
    from pg_temp.settlements_to_undo as s
    left join pg_temp.new_reversals as r on r.reversed_voucher = s.reversed_voucher
    order by s.settlement_id;

    update reimbursement.customer_transactions as t
    set
        settled_amount = t.settled_amount - u.amount,
        settled_accounting_amount = t.settled_accounting_amount - u.accounting_amount,
        last_settled_on = p_posting_date,
        last_run_id = p_run_id
    from (
        select b.customer_transaction_id, sum(b.amount) as amount, sum(b.accounting_amount) as accounting_amount
        from (
            select
                d.debit_transaction_id as customer_transaction_id, d.amount,
                d.debit_accounting_amount as accounting_amount
            from pg_temp.settlements_to_undo as d
            where d.is_netting
            union all
            select c.credit_transaction_id, -c.amount, -c.credit_accounting_amount
            from pg_temp.settlements_to_undo as c
        ) as b
        group by b.customer_transaction_id
    ) as u
    where t.legal_entity_id = p_legal_entity_id and t.customer_transaction_id = u.customer_transaction_id;
end
$$;

comment on function reimbursement.undo_settlements(text, bigint, date) is
'Undoes settlements on the customer''s side by settlements of negative amount.';
