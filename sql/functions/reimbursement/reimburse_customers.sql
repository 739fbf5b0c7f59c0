-- The transfer: carries out jobs of reimbursement runs of one legal entity, in the caller's transaction.
--
-- This is the way a credit goes. Every step is a few statements over the whole pass, be it one small job, many, or one
-- of a million customers; between the steps the rows lie in work tables (open_work_tables), each with its run. What
-- needs no number comes before the numbers are taken: from there on others of the legal entity wait.
-- Returns: what was done for each job; a job that names a customer of an earlier one was put off and has no row.
-- Locks, in this order: the periods, the customers, their transactions, the one-time vendors that are brought up to
-- date, the number sequences.
-- After these only the rows of one-time vendors that were loaded without their customer.
-- Raises: RB001 to RB004 when the set-up is no longer right; RB013 when the next one-time vendor account is taken;
-- RB031 when the session has tables named as the work tables; RB053 when a job would do something else than was
-- approved; 40001 when somebody changed the same transactions or vendors meanwhile, to be tried again.
create or replace function reimbursement.reimburse_customers(p_legal_entity_id text, p_job_ids bigint [])
returns setof reimbursement.job_outcome
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_batches constant reimbursement.reimbursement_batch [] := reimbursement.reimbursement_batches(
        p_legal_entity_id, p_job_ids);
    v_customers record;
    v_selected record;
    v_transaction_ids bigint [];
    v_numbers reimbursement.pass_numbers;
begin
    perform reimbursement.open_work_tables('selected_transactions', 'nettings', 'reimbursement_lines');
    perform reimbursement.lock_periods(
        p_legal_entity_id, array(select distinct b.posting_date from unnest(v_batches) as b order by b.posting_date),
        reimbursement.reimbursement_sequences());

    perform reimbursement.show_step('reimbursement', p_job_ids[1], 1);
    select k.* into v_customers from reimbursement.lock_customers(p_legal_entity_id, v_batches) as k;

    perform reimbursement.show_step('reimbursement', p_job_ids[1], 2);
    perform reimbursement.select_credits(
        p_legal_entity_id, v_batches, v_customers.accounts, v_customers.account_batches);
    select
        coalesce(bool_or(s.skip_reason is not null), false) as has_skips,
        coalesce(bool_or(s.netted_amount > 0), false) as has_nettings,
        coalesce(bool_or(s.debit_amount > 0), false) as has_open_debits,
        coalesce(max(s.reimbursement_index), 0) as reimbursements,
        coalesce(max(s.line_index), 0) as transactions
    into v_selected
    from pg_temp.selected_transactions as s;
    if v_batches[1].approval_round > 0 then
        perform reimbursement.check_approved_rows(
            p_legal_entity_id, v_batches[1].run_id, v_batches[1].job_id, v_batches[1].approval_round,
            array(
                select r
                from reimbursement.rows_of_transactions(
                    p_legal_entity_id,
                    array(
                        select s::reimbursement.selected_transaction from pg_temp.selected_transactions as s
                    )) as r
            ));
    end if;
    if v_selected.has_skips then
        perform reimbursement.report_skipped_customers();
    end if;

    perform reimbursement.show_step('reimbursement', p_job_ids[1], 3);
    if v_selected.has_nettings then
        perform reimbursement.pair_nettings(p_legal_entity_id);
    end if;
    if v_selected.has_nettings or v_selected.reimbursements > 0 then
        perform reimbursement.settle_selected_transactions(p_legal_entity_id);
    end if;
    if v_selected.reimbursements > 0 then
        v_transaction_ids := array(
            select nextval('reimbursement.customer_transactions_customer_transaction_id_seq')
            from generate_series(1, v_selected.transactions)
        );
        perform reimbursement.settle_reimbursements(v_transaction_ids);
        perform reimbursement.group_reimbursements(p_legal_entity_id);
        perform reimbursement.follow_customers(p_legal_entity_id);
    end if;

    perform reimbursement.show_step('reimbursement', p_job_ids[1], 4);
    if v_selected.has_nettings or v_selected.reimbursements > 0 then
        v_numbers := reimbursement.take_batch_numbers(p_legal_entity_id, v_selected.reimbursements);
    end if;
    if v_selected.has_nettings then
        perform reimbursement.post_nettings(p_legal_entity_id, v_numbers.settlements);
    end if;
    if v_selected.reimbursements > 0 then
        perform reimbursement.show_step('reimbursement', p_job_ids[1], 5);
        perform reimbursement.create_one_time_vendors(p_legal_entity_id, v_numbers.vendors);

        perform reimbursement.show_step('reimbursement', p_job_ids[1], 6);
        perform reimbursement.post_customer_transactions(v_numbers.reimbursements, v_transaction_ids);

        perform reimbursement.show_step('reimbursement', p_job_ids[1], 7);
        perform reimbursement.create_vendor_invoices(
            p_legal_entity_id, v_numbers.reimbursements, v_numbers.invoices, v_numbers.vendors);

        perform reimbursement.show_step('reimbursement', p_job_ids[1], 8);
        perform reimbursement.post_reimbursement_vouchers(p_legal_entity_id, v_numbers.reimbursements);
        perform reimbursement.record_reimbursements(
            v_numbers.reimbursements, v_numbers.invoices, v_numbers.vendors, v_selected.has_open_debits);
    end if;

    return query select o.* from reimbursement.sum_up_jobs(p_legal_entity_id, v_batches, v_customers.put_off) as o;
    perform reimbursement.close_work_tables('selected_transactions', 'nettings', 'reimbursement_lines');
end
$$;

comment on function reimbursement.reimburse_customers(text, bigint []) is
'The transfer: carries out jobs of reimbursement runs of one legal entity, step by step, in the caller''s transaction.';
