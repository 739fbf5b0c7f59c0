-- Writes the customer's side: a debit of type reimbursement for each receivable account and dimension set, fully
-- settled by the settlements that settle_reimbursements has written.
--
-- p_transaction_ids: the ids of the debits, by line_index. Reads: reimbursement_lines. Writes: customer_transactions.
create or replace function reimbursement.post_customer_transactions(
    p_reimbursements reimbursement.taken_numbers, p_transaction_ids bigint []
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
        l.legal_entity_id, p_transaction_ids[l.line_index], l.customer_account, 'reimbursement',
        reimbursement.number_text(p_reimbursements, l.reimbursement_index), l.posting_date, l.posting_date, l.currency,
        l.amount, l.accounting_amount, l.amount, l.accounting_amount, l.receivable_account, l.dimension_set_id,
        l.posting_date, l.run_id, l.run_id
    from pg_temp.reimbursement_lines as l;
end
$$;

comment on function reimbursement.post_customer_transactions(reimbursement.taken_numbers, bigint []) is
'Writes the customer''s side: the reimbursement transactions.';
