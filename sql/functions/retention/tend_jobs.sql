-- Keeps the table of jobs small: makes the next partition, and takes those that are old a step further on their way out.
--
-- For workers, to be called every now and then, in a transaction of its own: it is short, and waits for nobody.
-- Returns: how many partitions were dropped. Reads: job_retention. Writes and locks as make_job_partitions and
-- forget_job_partitions. Raises: RB030 the transaction is not READ COMMITTED; 42501 the duty worker is missing.
create or replace function reimbursement.tend_jobs() returns int
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
set lock_timeout = '1s'
as $$
declare
    c_jobs_at_a_time constant int := 10000;
    v_dropped int;
begin
    perform reimbursement.require_duty(null, 'worker');
    perform reimbursement.make_job_partitions();
    select count(*) into v_dropped
    from reimbursement.forget_job_partitions(
        (select r.keep_for from reimbursement.job_retention as r), c_jobs_at_a_time) as f
    where f.state = 'dropped';
    return v_dropped;
end
$$;

comment on function reimbursement.tend_jobs() is
'Keeps the table of jobs small: makes the next partition, and forgets old ones. Returns how many it dropped.';
