-- The way back from turns, limits, timeouts and the list of workers.

do $$
declare
    v_lost text;
begin
    select string_agg(l.loss, '; ' order by l.loss) into v_lost
    from (
        select format('%s rows of job_limits', count(*)) as loss
        from reimbursement.job_limits
        having count(*) > 0
        union all
        select format('the timeouts of %s jobs that have not ended', count(*))
        from reimbursement.jobs as j
        where j.timeout is not null and j.state in ('scheduled', 'ready', 'running')
        having count(*) > 0
    ) as l;
    if v_lost is not null then
        raise exception using errcode = 'object_in_use',
            message = format('taking this migration back would lose %s', v_lost),
            hint = 'Delete the rows of job_limits if they may go, and let those jobs end or cancel their runs.';
    end if;
end
$$;

drop trigger jobs_wait_in_a_list on reimbursement.jobs;
drop trigger jobs_are_found on reimbursement.jobs;
drop trigger run_requests_are_found on reimbursement.run_requests;
drop view if exists reimbursement.workers, reimbursement.waiting_jobs;
drop table reimbursement.waiting_lists, reimbursement.claim_bounds, reimbursement.claim_turns, reimbursement.job_limits,
reimbursement.connected_workers;
alter table reimbursement.jobs drop column begun_at, drop column missing_since, drop column timeout;

drop index reimbursement.cancel_requests_by_time;
drop index reimbursement.jobs_waiting;
create index jobs_waiting on reimbursement.jobs (queue, priority, run_at, job_id)
where state in ('scheduled', 'ready');
drop index reimbursement.jobs_suspect;
create index jobs_suspect on reimbursement.jobs (queue) where state = 'ready' and is_suspect;
