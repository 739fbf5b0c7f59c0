-- Reports the customers that the selection left out: a row each, with the reason and the amounts.
--
-- Reads: selected_transactions. Writes: customer_skips.
create or replace function reimbursement.report_skipped_customers() returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.customer_skips
        (legal_entity_id, run_id, customer_account, job_id, skip_reason, credit_amount, debit_amount)
    select distinct
        s.legal_entity_id, s.run_id, s.customer_account, s.job_id, s.skip_reason, s.credit_amount, s.debit_amount
    from pg_temp.selected_transactions as s
    where s.skip_reason is not null;
end
$$;

comment on function reimbursement.report_skipped_customers() is
'Reports the customers that the selection left out, with the reason and the amounts.';
