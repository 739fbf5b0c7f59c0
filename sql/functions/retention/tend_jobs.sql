-- Keeps the table of jobs small: makes the next partition, and takes those that are old a step further on their way
-- out.
--
-- The partition that has just come into use it analyzes, as autovacuum would in a minute or more: until then plans take
-- it for empty, where one index is as good as another. For workers, to be called every now and then, in a transaction
-- of its own: it is short, and waits for nobody. Returns: how many partitions were dropped. Reads: job_retention.
-- Writes and locks as make_job_partitions and forget_job_partitions. Raises: RB030 the transaction is not READ
-- COMMITTED; 42501 the duty worker is missing.
create or replace function reimbursement.tend_jobs() returns int
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
set lock_timeout = '1s'
as $$
declare
    c_jobs_at_a_time constant int := 10000;
    v_dropped int;
    v_table regclass;
begin
    perform reimbursement.require_duty(null, 'worker');
    perform reimbursement.make_job_partitions();
    select c.oid into v_table
    from reimbursement.job_partitions as p
    cross join reimbursement.jobs_job_id_seq as s
    inner join pg_catalog.pg_class as c
        on c.relnamespace = 'reimbursement'::regnamespace and c.relname = 'jobs_' || p.partition_number
    where p.state = 'filling' and s.last_value between coalesce(p.first_job_id, 0) + 500 and p.last_job_id
        and c.reltuples < 500;
    if found then
        begin
            execute format('lock table %s in share update exclusive mode nowait', v_table);
            execute format('analyze %s', v_table);
        exception when lock_not_available then
            null;
        end;
    end if;
    select count(*) into v_dropped
    from reimbursement.forget_job_partitions(
        (select r.keep_for from reimbursement.job_retention as r), c_jobs_at_a_time) as f
    where f.state = 'dropped';
    return v_dropped;
end
$$;

comment on function reimbursement.tend_jobs() is
'Keeps the table of jobs small: makes the next partition, and forgets old ones. Returns how many it dropped.';
