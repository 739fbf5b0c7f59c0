-- Takes a failed run up again: its failed jobs are ready once more, with all of their attempts.
--
-- Jobs that completed stay completed. Returns nothing. Writes: jobs. Notifies the queue's workers.
-- Raises: RB020 there is no such run, or none of its jobs has failed, or it was cancelled; 42501 the duty of its kind,
-- and operator, is missing.
create or replace function reimbursement.retry_run(run_id bigint) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_retried bigint;
begin
    perform reimbursement.require_run_duty(retry_run.run_id, 'operator');
    if exists (select from reimbursement.cancel_requests as c where c.run_id = retry_run.run_id) then
        raise exception using errcode = 'RB020',
            message = format('run %s was cancelled and is not taken up again', retry_run.run_id),
            hint = 'Enqueue another run.';
    end if;
    update reimbursement.jobs as j
    set state = 'ready', run_at = now(), failed_attempts = 0, lost_attempts = 0, finished_at = null
    where j.run_id = retry_run.run_id and j.state = 'failed';
    get diagnostics v_retried = row_count;
    if v_retried = 0 then
        raise exception using errcode = 'RB020',
            message = format('run %s has no failed job to retry', coalesce(retry_run.run_id::text, 'NULL')),
            hint = 'The view reimbursement.runs shows the state of every run.';
    end if;
    perform pg_notify('reimbursement.' || q.queue, '')
    from (select distinct j.queue from reimbursement.jobs as j where j.run_id = retry_run.run_id) as q;
end
$$;

comment on function reimbursement.retry_run(bigint) is 'Takes a failed run up again: its failed jobs are ready once more.';
