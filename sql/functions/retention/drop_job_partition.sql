-- Drops a partition of jobs whose runs have their totals, and its errors with it, if nobody uses the tables just now.
--
-- It waits for nobody, and so nobody waits behind it: a transfer that runs has read jobs, and keeps them until it ends.
-- Before, it counts once more.
-- Returns: what it did, or why not. Writes: job_partitions. Locks: jobs, job_errors and their partition, exclusively.
create or replace function reimbursement.drop_job_partition(p_partition_number int) returns text
language plpgsql set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
as $$
declare
    v_jobs constant text := format('reimbursement.%I', 'jobs_' || p_partition_number);
    v_errors constant text := format('reimbursement.%I', 'job_errors_' || p_partition_number);
    v_found bigint;
    v_has_unfinished boolean;
    v_counted bigint;
begin
    begin
        lock table only reimbursement.jobs in access exclusive mode nowait;
        lock table only reimbursement.job_errors in access exclusive mode nowait;
        execute format('lock table %s, %s in access exclusive mode nowait', v_jobs, v_errors);
    exception when lock_not_available then
        return 'it is dropped when no transaction uses jobs';
    end;
    select coalesce(sum(t.jobs), 0) into v_counted
    from reimbursement.run_totals as t
    where t.partition_number = p_partition_number;
    execute format(
        'select (select count(*) from %1$s), exists (select from %1$s as j where j.state in (''scheduled'', ''ready''))
            or exists (select from %1$s as j where j.state = ''running'')
            or exists (select from %1$s as j where j.state = ''awaiting_approval'')', v_jobs)
    into v_found, v_has_unfinished;
    if v_found <> v_counted or v_has_unfinished then
        return format('it stays: it has %s jobs, and its totals are of %s', v_found, v_counted);
    end if;
    execute format('drop table %s, %s', v_errors, v_jobs);
    update reimbursement.job_partitions as p
    set state = 'dropped', waits_for = null, dropped_at = clock_timestamp()
    where p.partition_number = p_partition_number;
    return format('dropped with %s jobs', v_found);
end
$$;

comment on function reimbursement.drop_job_partition(int) is
'Drops a partition of jobs whose runs have their totals, if nobody uses the tables just now. Returns what it did.';
