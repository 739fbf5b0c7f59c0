-- Fills the work table with the selection, for the customers that are locked, and numbers the reimbursements to be.
--
-- Runs as a statement of its own after the locks, so that it sees what others committed before. A customer whose first
-- credit came after the locks is left for the next run.
-- Reads: what select_transactions reads, jobs, locked_customers. Writes: selected_transactions.
create or replace function reimbursement.select_credits(
    p_legal_entity_id text, p_job_id bigint, p_choices reimbursement.reimbursement_choices
) returns void
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_after text;
    v_through text;
begin
    select j.batch_after, j.batch_through into v_after, v_through
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id;

    insert into pg_temp.selected_transactions
    select
        s.*,
        case when s.reimbursed_amount > 0 then dense_rank() over (
            partition by s.reimbursed_amount > 0
            order by s.customer_account, s.currency, s.group_receivable_account, s.group_dimension_set_id
        ) end
    from reimbursement.select_transactions(p_legal_entity_id, p_choices, v_after, v_through) as s
    inner join pg_temp.locked_customers as c on c.customer_account = s.customer_account;
    analyze pg_temp.selected_transactions;
end
$$;

comment on function reimbursement.select_credits(text, bigint, reimbursement.reimbursement_choices) is
'Fills the work table with the selection, for the customers that are locked.';
