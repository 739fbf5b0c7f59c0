-- Writes the totals of runs in a partition whose jobs have all ended, for ever: from the commit on they count, and the
-- jobs that they are of do not.
--
-- p_jobs: about so many jobs at a time, run by run; null: all. The caller has the partition's row locked, so that
-- nobody takes a failed job up again meanwhile. Returns whether all are written. Reads: the partition. Writes:
-- run_totals, job_partitions.
create or replace function reimbursement.count_job_partition(p_partition_number int, p_jobs int) returns boolean
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_table constant text := format('reimbursement.%I', 'jobs_' || p_partition_number);
    v_after bigint;
    v_through bigint;
begin
    select coalesce(p.counted_through, 0) into v_after
    from reimbursement.job_partitions as p
    where p.partition_number = p_partition_number;
    execute format('select j.run_id from %s as j where j.run_id > $1 order by j.run_id limit 1 offset $2', v_table)
    into v_through
    using v_after, p_jobs;
    if p_jobs is null then
        v_through := null;
    end if;
    execute format(
        'insert into reimbursement.run_totals
            (legal_entity_id, run_id, partition_number, first_job_id, last_job_id, jobs, jobs_completed, jobs_failed,
            jobs_cancelled, finished_at, processed, skipped, accounting_amount, error)
        select
            j.legal_entity_id, j.run_id, $1, min(j.job_id), max(j.job_id), count(*),
            count(*) filter (where j.state = ''completed''), count(*) filter (where j.state = ''failed''),
            count(*) filter (where j.state = ''cancelled''), max(j.finished_at), coalesce(sum(j.processed), 0),
            coalesce(sum(j.skipped), 0), coalesce(sum(j.accounting_amount), 0),
            (array_agg(j.last_error order by j.state = ''failed'' desc, j.job_id)
                filter (where j.last_error is not null))[1]
        from %s as j
        where j.run_id > $2 and ($3 is null or j.run_id <= $3)
        group by j.legal_entity_id, j.run_id', v_table)
    using p_partition_number, v_after, v_through;
    update reimbursement.job_partitions as p
    set counted_through = v_through, counted_by = pg_current_xact_id(), waits_for = null,
        state = case when v_through is null then 'counted' else 'counting' end
    where p.partition_number = p_partition_number;
    return v_through is null;
end
$$;

comment on function reimbursement.count_job_partition(int, int) is
'Writes the totals of runs in a partition whose jobs have all ended. Returns whether all are written.';
