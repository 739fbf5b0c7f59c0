-- Writes the settlements that tie every credit to the debit of its reimbursement.
--
-- Both sides have the credit's accounting part, so that the receivable closes to zero in both currencies; what the rate
-- makes of it is the voucher's matter.
-- p_transaction_ids: the ids of the debits to be, by line_index; they are written once there are numbers
-- (post_customer_transactions). Reads: selected_transactions. Writes: settlements.
create or replace function reimbursement.settle_reimbursements(p_transaction_ids bigint []) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
        debit_accounting_amount, credit_accounting_amount, settled_on, run_id, is_netting
    )
    select
        s.legal_entity_id, p_transaction_ids[s.line_index], s.customer_transaction_id, s.currency, s.reimbursed_amount,
        s.reimbursed_accounting_amount, s.reimbursed_accounting_amount, s.posting_date, s.run_id, false
    from pg_temp.selected_transactions as s
    where s.reimbursed_amount > 0;
end
$$;

comment on function reimbursement.settle_reimbursements(bigint []) is
'Writes the settlements that tie every credit to the debit of its reimbursement.';
