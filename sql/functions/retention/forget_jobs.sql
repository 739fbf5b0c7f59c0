-- Forgets jobs that have ended, by whole partitions, as the workers do by themselves; what it does not do now they do.
--
-- older_than: how long ago the last job of a partition has to have ended; null: as keep_jobs() was told. Runs keep
-- their totals, which the view runs shows as before, and all that they wrote in the books; what goes is which job did
-- it, and its errors. A partition goes in steps, each in a transaction of its own: where no worker runs, call it until
-- it is dropped. Returns: what became of each partition. Reads, writes and locks as forget_job_partitions; waits for
-- nobody. Raises: RB008 older_than is negative; RB030 the transaction is not READ COMMITTED; 42501 the duty operator is
-- missing.
create or replace function reimbursement.forget_jobs(older_than interval default null)
returns table (partition_number int, first_job_id bigint, last_job_id bigint, state text, outcome text)
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
begin
    perform reimbursement.require_duty(null, 'operator');
    if forget_jobs.older_than < interval '0' then
        raise exception using errcode = 'RB008',
            message = format('older_than is %s', forget_jobs.older_than),
            hint = 'Give how long ago the jobs have to have ended, such as interval ''400 days''.';
    end if;
    return query
    select f.*
    from reimbursement.forget_job_partitions(
        coalesce(forget_jobs.older_than, (select r.keep_for from reimbursement.job_retention as r)), null) as f;
end
$$;

comment on function reimbursement.forget_jobs(interval) is
'Forgets jobs that have ended, by whole partitions; runs keep their totals. Returns what became of each partition.';
