-- What a run would do now, as it is approved: the rows of its jobs that wait for approval; of a run none of whose jobs
-- do, those of the jobs that have not begun.
--
-- Returns also the jobs themselves, as some may have no rows.
-- Reads: jobs, run_kinds, what the kind's function reads. Writes and locks nothing.
-- Raises: RB002 the kind cannot be approved.
create or replace function reimbursement.rows_to_approve(
    p_legal_entity_id text, p_run_id bigint, out job_ids bigint [], out approval_rows reimbursement.approval_row []
)
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_function text;
    v_kind text;
begin
    select
        coalesce(
            array_agg(j.job_id order by j.job_id) filter (where j.state = 'awaiting_approval'),
            array_agg(j.job_id order by j.job_id)),
        min(k.approved_rows), min(k.kind)
    into job_ids, v_function, v_kind
    from reimbursement.jobs as j
    inner join reimbursement.run_kinds as k on k.kind = j.kind
    where j.legal_entity_id = p_legal_entity_id and j.run_id = p_run_id
        and j.state in ('awaiting_approval', 'scheduled', 'ready');
    if job_ids is null then
        return;
    end if;
    if v_function is null then
        raise exception using errcode = 'RB002',
            message = format('runs of kind "%s" cannot be approved', v_kind),
            detail = 'No function says what one would do.',
            hint = 'Name it in reimbursement.run_kinds.approved_rows, or delete the kind''s rules from reimbursement.approval_rules.';
    end if;
    execute format('select array(select r from reimbursement.%I($1, $2, $3) as r)', v_function)
    into approval_rows
    using p_legal_entity_id, p_run_id, job_ids;
end
$$;

comment on function reimbursement.rows_to_approve(text, bigint) is
'What a run would do now, as it is approved: the rows of its jobs that wait for approval.';
