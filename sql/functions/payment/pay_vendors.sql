-- Carries out one job of a payment run, in the caller's transaction.
--
-- This is the way an invoice is paid. Every step is a few statements over the whole batch; between the steps the rows
-- lie in work tables (open_work_tables).
-- A look-up asks for its rows in the order of the index that has its whole key; where to sort is dear, no other serves.
-- Returns: what was done, for the job's row.
-- Locks, in this order: the period, with a maximum total the run, the bank accounts, the invoices' vendor transactions,
-- the number sequence.
-- Raises: RB001 to RB004, RB023 and RB024 when the set-up is no longer right; RB027 what a bank file cannot carry;
-- RB031 when the session has tables named as the work tables; RB053 when it would do something else than was approved;
-- 40001 when somebody changed the same invoices meanwhile, to be tried again.
create or replace function reimbursement.pay_vendors(p_legal_entity_id text, p_run_id bigint, p_job_id bigint)
returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp set enable_sort = off
as $$
declare
    v_choices constant reimbursement.vendor_payment_choices := reimbursement.payment_run_choices(
        p_legal_entity_id, p_run_id);
    v_on constant date := v_choices.payment_date;
    v_locked bigint[];
    v_selected record;
    v_approval_round int;
    v_transaction_ids bigint[];
    v_numbers reimbursement.taken_numbers;
    v_result reimbursement.job_result;
begin
    perform reimbursement.open_work_tables('selected_invoices', 'new_payments');
    perform reimbursement.lock_period(p_legal_entity_id, v_on, reimbursement.payment_sequences());

    perform reimbursement.show_step('vendor_payment', p_job_id, 1);
    v_locked := reimbursement.lock_invoices(p_legal_entity_id, p_run_id, p_job_id, v_choices);
    perform reimbursement.check_bank_accounts(p_legal_entity_id, v_choices);

    perform reimbursement.show_step('vendor_payment', p_job_id, 2);
    perform reimbursement.select_locked_invoices(p_legal_entity_id, p_run_id, p_job_id, v_choices, v_locked);
    select
        coalesce(bool_or(s.skip_reason is not null), false) as has_skips,
        coalesce(max(s.payment_index), 0) as payments
    into v_selected
    from pg_temp.selected_invoices as s;
    v_approval_round := reimbursement.approval_round_of(p_legal_entity_id, p_job_id);
    if v_approval_round > 0 then
        perform reimbursement.check_approved_rows(
            p_legal_entity_id, p_run_id, p_job_id, v_approval_round,
            array(
                select r
                from reimbursement.rows_of_invoices(
                    p_job_id, array(select s::reimbursement.selected_invoice from pg_temp.selected_invoices as s)) as r
            ));
    end if;
    if v_selected.has_skips then
        perform reimbursement.report_skipped_invoices(p_run_id, p_job_id);
    end if;

    perform reimbursement.show_step('vendor_payment', p_job_id, 3);
    v_transaction_ids := array(
        select nextval('reimbursement.vendor_transactions_vendor_transaction_id_seq')
        from generate_series(1, v_selected.payments)
    );
    v_numbers := reimbursement.form_payments(p_legal_entity_id, v_transaction_ids);
    if v_selected.payments > 0 then
        perform reimbursement.show_step('vendor_payment', p_job_id, 4);
        perform reimbursement.record_payments(p_run_id, p_job_id, v_on);

        perform reimbursement.show_step('vendor_payment', p_job_id, 5);
        perform reimbursement.settle_invoices(p_run_id, v_on, v_transaction_ids);

        perform reimbursement.show_step('vendor_payment', p_job_id, 6);
        perform reimbursement.post_payment_vouchers(p_legal_entity_id, p_run_id, v_on, v_numbers);
    end if;

    perform reimbursement.show_step('vendor_payment', p_job_id, 7);
    v_result := reimbursement.finish_payment_run(p_legal_entity_id, p_run_id, p_job_id);
    perform reimbursement.close_work_tables('selected_invoices', 'new_payments');
    return v_result;
end
$$;

comment on function reimbursement.pay_vendors(text, bigint, bigint) is
'Carries out one job of a payment run, step by step, in the caller''s transaction.';
