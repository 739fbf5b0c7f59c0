-- Says how long jobs that have ended are kept at least; workers forget them after that. Null: for ever.
--
-- They go by partitions, each when its last job has ended so long ago. jobs_per_partition: how many job numbers the
-- next partitions have; null: as it is. Each that is there costs a claim a little: better some dozens than hundreds.
-- Returns nothing. Writes: job_retention. Raises: RB008 an argument is out of its range; 42501 the duty operator is
-- missing.
create or replace function reimbursement.keep_jobs(keep_for interval, jobs_per_partition bigint default null)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'operator');
    if keep_jobs.keep_for < interval '0' or keep_jobs.jobs_per_partition < 1 then
        raise exception using errcode = 'RB008',
            message = case when keep_jobs.keep_for < interval '0' then format('keep_for is %s', keep_jobs.keep_for)
                else format('jobs_per_partition is %s', keep_jobs.jobs_per_partition) end,
            hint = 'Give a time, such as interval ''400 days'', or NULL for ever; and 1 job or more.';
    end if;
    update reimbursement.job_retention as r
    set
        keep_for = keep_jobs.keep_for,
        jobs_per_partition = coalesce(keep_jobs.jobs_per_partition, r.jobs_per_partition);
end
$$;

comment on function reimbursement.keep_jobs(interval, bigint) is
'Says how long jobs that have ended are kept at least; null: for ever.';
