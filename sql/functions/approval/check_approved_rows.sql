-- Refuses, under the transfer's locks, a job that would do anything else than what was approved.
--
-- p_rows: what it is about to do. The digests are compared; only where they differ are the rows, to name the first
-- twenty that were changed, are gone or are new.
-- Reads: approved_jobs, approved_rows. Raises: RB053, which is not tried again.
create or replace function reimbursement.check_approved_rows(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_approval_round int,
    p_rows reimbursement.approval_row []
) returns void
language plpgsql set search_path = reimbursement, pg_temp set enable_hashjoin = on set enable_mergejoin = on
as $$
declare
    c_named constant int := 20;
    v_approved text;
    v_differences text[];
begin
    select a.digest into v_approved
    from reimbursement.approved_jobs as a
    where a.legal_entity_id = p_legal_entity_id and a.job_id = p_job_id and a.approval_round = p_approval_round;
    if v_approved = reimbursement.digest_of_job(p_rows) then
        return;
    end if;

    select array_agg(d.difference order by d.row_key collate "C") into v_differences
    from (
        select
            coalesce(a.row_key, r.row_key) as row_key,
            case
                when r.row_key is null then 'not any more: ' || a.shown
                when a.row_key is null then 'not approved: ' || r.shown
                when a.shown = r.shown then 'changed in what is not shown in full: ' || r.shown
                else format('approved: %s; now: %s', a.shown, r.shown)
            end as difference
        from (
            select x.*
            from reimbursement.approved_rows as x
            where x.legal_entity_id = p_legal_entity_id and x.job_id = p_job_id
                and x.approval_round = p_approval_round
        ) as a
        full join unnest(p_rows) as r on r.row_key = a.row_key
        where a.row_digest is distinct from r.row_digest
    ) as d;
    raise exception using errcode = 'RB053',
        message = case
            when v_approved is null then format('job %s of run %s was not approved', p_job_id, p_run_id)
            else format('job %s of run %s would do something else than what was approved: %s%s', p_job_id, p_run_id,
                array_to_string(v_differences[:c_named], ' | '),
                case when cardinality(v_differences) > c_named
                    then format(' | and %s more', cardinality(v_differences) - c_named) end)
        end,
        detail = format('Differences: %s. Nothing was written.', coalesce(cardinality(v_differences), 0)),
        hint = format('See that the books are right, then call reimbursement.retry_run(%s), which asks for approval of what the run would do then.', p_run_id);
end
$$;

comment on function reimbursement.check_approved_rows(
    text, bigint, bigint, int, reimbursement.approval_row []
) is 'Refuses a job that would do anything else than what was approved, and says what differs.';
