-- Fills the work table with the selection, for the invoices that are locked.
--
-- p_locked: what lock_invoices has locked. Runs as a statement of its own after the locks, so that it sees what others
-- committed before.
-- Reads: what select_invoices reads, jobs. Writes: selected_invoices.
create or replace function reimbursement.select_locked_invoices(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_choices reimbursement.vendor_payment_choices,
    p_locked bigint[]
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_after text;
    v_through text;
begin
    select j.batch_after, j.batch_through into v_after, v_through
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id between p_job_id and p_job_id
    order by j.job_id;

    insert into pg_temp.selected_invoices
    select s.*
    from reimbursement.select_invoices(
        p_legal_entity_id, p_choices, p_run_id, v_after, v_through, coalesce(p_locked, array[]::bigint[])) as s;
end
$$;

comment on function reimbursement.select_locked_invoices(
    text, bigint, bigint, reimbursement.vendor_payment_choices, bigint[]
) is 'Fills the work table with the selection, for the invoices that are locked.';
