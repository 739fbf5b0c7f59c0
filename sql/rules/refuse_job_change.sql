-- Trigger: refuses a job that begins, or moves, as no function of the queue would have it, and one that is rewritten.
--
-- It fires for rows that the trigger's WHEN has found; what the queue does meets none of it.
-- Raises: RB059.
create or replace function reimbursement.refuse_job_change() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    raise exception using errcode = 'RB059',
        message = case
            when tg_op = 'INSERT' then format('a job of run %s does not begin as %s', new.run_id, new.state)
            when new.state <> old.state
                then format('job %s of run %s is %s and does not become %s so', old.job_id, old.run_id, old.state,
                    new.state)
            else format('job %s of run %s stays what it is: %s', old.job_id, old.run_id, old.state)
        end,
        hint = 'Jobs are moved by the functions of the queue: claim_jobs, execute_job, fail_job, retry_run, approve_run and reject_run.';
end
$$;

comment on function reimbursement.refuse_job_change() is
'Trigger: refuses a job that begins or moves as no function of the queue would have it.';
