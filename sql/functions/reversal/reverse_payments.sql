-- Carries out one job of a payment reversal, in the caller's transaction.
--
-- Every step is a few statements over the whole batch; between the steps the rows lie in work tables
-- (open_work_tables).
-- A look-up asks for its rows in the order of the index that has its whole key; where to sort is dear, no other serves.
-- Returns: what was done, for the job's row.
-- Locks, in this order: the period, the vendor transactions of the payments and their invoices, the number sequences.
-- Raises: RB001 to RB004 when the set-up is no longer right, RB025 what cannot be reversed any more, RB026 a date
-- before what it touches, RB031 the session has tables named as the work tables, RB053 it would do something else than
-- was approved, RB064 it is not said what became of a payment that is in a bank file by now.
create or replace function reimbursement.reverse_payments(p_legal_entity_id text, p_run_id bigint, p_job_id bigint)
returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp set enable_sort = off
as $$
declare
    v_on date;
    v_choices jsonb;
    v_numbers text[];
    v_after text;
    v_through text;
    v_approval_round int;
    v_result reimbursement.job_result;
begin
    select
        q.posting_date, q.choices,
        array(select jsonb_array_elements_text(q.choices -> 'payment_numbers')), j.batch_after, j.batch_through
    into v_on, v_choices, v_numbers, v_after, v_through
    from reimbursement.run_requests as q
    cross join lateral (
        select x.batch_after, x.batch_through
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id between p_job_id and p_job_id
        order by x.job_id
        limit 1
    ) as j
    where q.legal_entity_id = p_legal_entity_id and q.run_id = p_run_id;

    perform reimbursement.open_work_tables('reversed_documents', 'undone_settlements', 'new_reversals');
    perform reimbursement.lock_period(p_legal_entity_id, v_on, reimbursement.reversal_sequences());

    perform reimbursement.show_step('payment_reversal', p_job_id, 1);
    perform reimbursement.select_payments(
        p_legal_entity_id, v_on, v_numbers, v_after, v_through, p_leaves_reversed => v_choices ? 'return_codes');
    v_approval_round := reimbursement.approval_round_of(p_legal_entity_id, p_job_id);
    if v_approval_round > 0 then
        perform reimbursement.check_approved_rows(
            p_legal_entity_id, p_run_id, p_job_id, v_approval_round,
            array(
                select r
                from reimbursement.payment_reversal_rows(p_legal_entity_id, p_run_id, array[p_job_id]) as r
            ));
    end if;

    perform reimbursement.show_step('payment_reversal', p_job_id, 2);
    perform reimbursement.number_reversals(p_legal_entity_id);
    -- A run that was still paying has written its bank files by now.
    perform reimbursement.check_return_codes(
        p_legal_entity_id, array(select d.reversed_voucher from pg_temp.reversed_documents as d), v_choices);

    perform reimbursement.show_step('payment_reversal', p_job_id, 3);
    perform reimbursement.undo_vendor_settlements(p_run_id, v_on);

    perform reimbursement.show_step('payment_reversal', p_job_id, 4);
    perform reimbursement.close_vendor_transactions(p_run_id, v_on);

    perform reimbursement.show_step('payment_reversal', p_job_id, 5);
    perform reimbursement.post_reversal_vouchers(p_run_id, v_on);
    v_result := reimbursement.record_reversals(p_run_id, p_job_id, v_on, v_choices ->> 'reason', v_choices);
    perform reimbursement.close_work_tables('reversed_documents', 'undone_settlements', 'new_reversals');
    return v_result;
end
$$;

comment on function reimbursement.reverse_payments(text, bigint, bigint) is
'Carries out one job of a payment reversal, step by step, in the caller''s transaction.';
