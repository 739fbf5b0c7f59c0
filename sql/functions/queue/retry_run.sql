-- Takes a failed run up again: its failed jobs are ready once more, with all of their attempts.
--
-- Jobs that completed stay completed. Where the run comes to what a rule of approval is about, all that is left of it
-- waits for approval anew, whatever was approved before. What has gone into the run's totals, its jobs being old, is
-- not taken up again. Returns nothing. Reads: approval_rules, as assess_run. Writes: jobs. Locks: the rows of
-- job_partitions where the failed jobs lie, for share, so that they are not forgotten meanwhile. Notifies the queue's
-- workers. Raises: RB020 there is no such run, or none of its jobs has failed, or it was cancelled, or they are
-- forgotten; 42501 the duty of its kind, and operator, is missing.
create or replace function reimbursement.retry_run(run_id bigint) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_retried bigint;
    v_run record;
begin
    perform reimbursement.require_run_duty(retry_run.run_id, 'operator');
    if exists (select from reimbursement.cancel_requests as c where c.run_id = retry_run.run_id) then
        raise exception using errcode = 'RB020',
            message = format('run %s was cancelled and is not taken up again', retry_run.run_id),
            hint = 'Enqueue another run.';
    end if;
    perform from reimbursement.job_partitions as p
    where exists (
        select from reimbursement.jobs as j
        where j.run_id = retry_run.run_id and j.state = 'failed'
            and j.job_id between coalesce(p.first_job_id, j.job_id) and p.last_job_id
    )
    order by p.partition_number
    for share of p;
    select
        j.legal_entity_id, coalesce(max(j.approval_round), 0) + 1 as approval_round,
        bool_or(j.approval_round > 0) or reimbursement.has_approval_rules(j.legal_entity_id, min(j.kind)) as may_wait
    into v_run
    from reimbursement.jobs as j
    where j.run_id = retry_run.run_id
    group by j.legal_entity_id;
    update reimbursement.jobs as j
    set
        state = case when v_run.may_wait and j.approval_round is distinct from 0 then 'awaiting_approval' else 'ready' end,
        approval_round = case
            when j.approval_round = 0 then 0
            when v_run.may_wait then v_run.approval_round
            else j.approval_round
        end,
        run_at = now(), failed_attempts = 0, lost_attempts = 0, is_suspect = false, finished_at = null
    where j.run_id = retry_run.run_id and j.state = 'failed'
        and not exists (
            select from reimbursement.job_partitions as p
            where p.state in ('counting', 'counted')
                and j.job_id between coalesce(p.first_job_id, j.job_id) and p.last_job_id
        );
    get diagnostics v_retried = row_count;
    if v_retried = 0 and exists (
        select from reimbursement.runs as r where r.run_id = retry_run.run_id and r.state = 'failed'
    ) then
        raise exception using errcode = 'RB020',
            message = format('the failed jobs of run %s are too old to be taken up again: only their totals are kept',
                retry_run.run_id),
            hint = 'Enqueue another run. How long jobs are kept says reimbursement.keep_jobs().';
    elsif v_retried = 0 then
        raise exception using errcode = 'RB020',
            message = format('run %s has no failed job to retry', coalesce(retry_run.run_id::text, 'NULL')),
            hint = 'The view reimbursement.runs shows the state of every run.';
    end if;
    if v_run.may_wait then
        update reimbursement.jobs as j
        set approval_round = v_run.approval_round
        where j.run_id = retry_run.run_id and j.state = 'awaiting_approval'
            and j.approval_round < v_run.approval_round;
        perform reimbursement.ask_for_approval(v_run.legal_entity_id, retry_run.run_id);
    end if;
    perform pg_notify('reimbursement.' || q.queue, '')
    from (select distinct j.queue from reimbursement.jobs as j where j.run_id = retry_run.run_id) as q;
end
$$;

comment on function reimbursement.retry_run(bigint) is 'Takes a failed run up again: its failed jobs are ready once more.';
