-- The transfer: carries out one job of a reimbursement run, in the caller's transaction.
--
-- This is the way a credit goes. Every step is a few statements over the whole batch; between the steps the rows lie in
-- work tables (create_work_tables).
-- Returns: what was done, for the job's row.
-- Locks, in this order: the period, the customers, their transactions, the number sequences.
-- After these only the rows of one-time vendors that were loaded without their customer.
-- Raises: RB001 to RB004 when the set-up is no longer right; RB013 when the next one-time vendor account is taken;
-- 40001 when somebody changed the same transactions or vendors meanwhile, to be tried again.
create or replace function reimbursement.reimburse_customers(p_legal_entity_id text, p_run_id bigint, p_job_id bigint)
returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_choices constant reimbursement.reimbursement_choices := reimbursement.reimbursement_run_choices(
        p_legal_entity_id, p_run_id);
    v_on constant date := v_choices.posting_date;
begin
    perform reimbursement.create_work_tables();
    perform reimbursement.lock_period(p_legal_entity_id, v_on, reimbursement.reimbursement_sequences());

    perform reimbursement.show_step('reimbursement', p_job_id, 1);
    perform reimbursement.lock_customers(p_legal_entity_id, p_job_id, v_choices);

    perform reimbursement.show_step('reimbursement', p_job_id, 2);
    perform reimbursement.select_credits(p_legal_entity_id, p_job_id, v_choices);
    perform reimbursement.report_skipped_customers(p_legal_entity_id, p_run_id, p_job_id);

    perform reimbursement.show_step('reimbursement', p_job_id, 3);
    perform reimbursement.pair_nettings(p_legal_entity_id);
    perform reimbursement.settle_selected_transactions(p_legal_entity_id, p_run_id, v_on);

    perform reimbursement.show_step('reimbursement', p_job_id, 4);
    perform reimbursement.take_batch_numbers(p_legal_entity_id);
    perform reimbursement.post_nettings(p_legal_entity_id, p_run_id, v_on);

    perform reimbursement.show_step('reimbursement', p_job_id, 5);
    perform reimbursement.create_one_time_vendors(p_legal_entity_id, p_run_id);
    perform reimbursement.group_reimbursements(p_legal_entity_id, v_on);

    perform reimbursement.show_step('reimbursement', p_job_id, 6);
    perform reimbursement.post_customer_transactions(p_legal_entity_id, p_run_id, v_on);

    perform reimbursement.show_step('reimbursement', p_job_id, 7);
    perform reimbursement.create_vendor_invoices(p_legal_entity_id, p_run_id, v_on);

    perform reimbursement.show_step('reimbursement', p_job_id, 8);
    perform reimbursement.post_reimbursement_vouchers(p_legal_entity_id, p_run_id, v_on);
    return reimbursement.record_reimbursements(p_legal_entity_id, p_run_id, p_job_id, v_on);
end
$$;

comment on function reimbursement.reimburse_customers(text, bigint, bigint) is
'The transfer: carries out one job of a reimbursement run, step by step, in the caller''s transaction.';
