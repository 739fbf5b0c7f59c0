-- Writes the bank files in the transaction of the run's last job, and sums up the job.
--
-- Payment jobs of a legal entity have waited for each other at its payment numbers (form_payments): of two jobs that
-- end at the same time the second sees the first as completed.
-- Returns: what the job did; the amount is in accounting currency.
-- Reads: jobs, run_totals, new_payments, selected_invoices. Writes: payment_files, payment_file_changes.
-- Raises: as write_payment_files.
create or replace function reimbursement.finish_payment_run(p_legal_entity_id text, p_run_id bigint, p_job_id bigint)
returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_result reimbursement.job_result;
begin
    if not exists (
        select from reimbursement.jobs as j
        where j.legal_entity_id = p_legal_entity_id and j.run_id between p_run_id and p_run_id
            and j.job_id <> p_job_id and j.state <> 'completed'
        order by j.run_id
        offset 0
    ) and not exists (
        select from reimbursement.run_totals as t
        where t.legal_entity_id = p_legal_entity_id and t.run_id between p_run_id and p_run_id
            and t.jobs_completed < t.jobs
        order by t.run_id
        offset 0
    ) then
        perform reimbursement.write_payment_files(p_legal_entity_id, p_run_id);
    end if;

    select count(*), coalesce(sum(p.accounting_amount), 0) into v_result.processed, v_result.accounting_amount
    from pg_temp.new_payments as p;
    select count(*) into v_result.skipped from pg_temp.selected_invoices as s where s.skip_reason is not null;
    return v_result;
end
$$;

comment on function reimbursement.finish_payment_run(text, bigint, bigint) is
'Writes the bank files in the transaction of the run''s last job, and sums up the job.';
