-- Writes the customer's side: a debit of type reimbursement for each receivable account and dimension set, fully
-- settled, and the settlements that tie it to every credit it clears.
--
-- Both sides of such a settlement have the credit's accounting part, so that the receivable closes to zero in both
-- currencies; what the rate makes of it is the voucher's matter.
-- Reads: selected_transactions, new_reimbursements, reimbursement_lines.
-- Writes: customer_transactions, settlements.
create or replace function reimbursement.post_customer_transactions(
    p_legal_entity_id text, p_run_id bigint, p_posting_date date
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_transaction_id, customer_account, transaction_type, voucher, transaction_date,
        due_date, currency, amount, accounting_amount, settled_amount, settled_accounting_amount,
        receivable_account, dimension_set_id, last_settled_on, last_run_id, run_id
    )
    select
        p_legal_entity_id, l.customer_transaction_id, r.customer_account, 'reimbursement', r.reimbursement_number,
        p_posting_date, p_posting_date, r.currency, l.amount, l.accounting_amount, l.amount, l.accounting_amount,
        l.receivable_account, l.dimension_set_id, p_posting_date, p_run_id, p_run_id
    from pg_temp.reimbursement_lines as l
    inner join pg_temp.new_reimbursements as r on r.reimbursement_index = l.reimbursement_index;

    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
        debit_accounting_amount, credit_accounting_amount, settled_on, run_id
    )
    select
        p_legal_entity_id, l.customer_transaction_id, s.customer_transaction_id, s.currency, s.reimbursed_amount,
        s.reimbursed_accounting_amount, s.reimbursed_accounting_amount, p_posting_date, p_run_id
    from pg_temp.selected_transactions as s
    inner join pg_temp.reimbursement_lines as l
        on l.reimbursement_index = s.reimbursement_index
            and l.receivable_account = s.receivable_account and l.dimension_set_id = s.dimension_set_id;
end
$$;

comment on function reimbursement.post_customer_transactions(text, bigint, date) is
'Writes the customer''s side: the reimbursement transactions and their settlements with the credits.';
