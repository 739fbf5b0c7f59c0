-- Writes the reimbursements themselves, which tie customer, credits, vendor and invoice together, and sums up the job.
--
-- Returns: what the job did; the amount is in accounting currency.
-- Reads: new_reimbursements, selected_transactions. Writes: reimbursements.
create or replace function reimbursement.record_reimbursements(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_posting_date date
) returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_result reimbursement.job_result;
begin
    insert into reimbursement.reimbursements (
        legal_entity_id, reimbursement_number, run_id, job_id, customer_account, vendor_account, invoice_number,
        posting_date, currency, amount, exchange_rate, accounting_amount, receivable_account, dimension_set_id
    )
    select
        p_legal_entity_id, r.reimbursement_number, p_run_id, p_job_id, r.customer_account, r.vendor_account,
        r.invoice_number, p_posting_date, r.currency, r.amount, r.exchange_rate, r.accounting_amount,
        r.group_receivable_account, r.group_dimension_set_id
    from pg_temp.new_reimbursements as r;

    select count(distinct r.customer_account), coalesce(sum(r.accounting_amount), 0)
    into v_result.processed, v_result.accounting_amount
    from pg_temp.new_reimbursements as r;
    select count(distinct s.customer_account) into v_result.skipped
    from pg_temp.selected_transactions as s
    where s.skip_reason is not null;
    return v_result;
end
$$;

comment on function reimbursement.record_reimbursements(text, bigint, bigint, date) is
'Writes the reimbursements themselves, and sums up what the job did.';
