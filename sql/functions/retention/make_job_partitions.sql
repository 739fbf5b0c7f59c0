-- Makes the partitions that the next jobs will lie in, ahead of them: there is always one of which no number is given.
--
-- That there are several has planners look into each by the index that has the order which a claim asks for; of a
-- single table that was empty when they last looked they may read all. p_jobs: so many jobs are about to be written,
-- and have to have a place. Only where little is left for them is another session waited for that makes a partition
-- too, or drops one; else it is left for another time. Workers call it now and then, every migrate and every enqueueing
-- does, so that there is always a place, whoever works or does not. A partition is made beside its table and then
-- attached, which keeps nobody waiting who reads or writes jobs. Returns: how many it made. Reads: job_retention, the
-- sequence of job_id. Writes: job_partitions. Locks: jobs and job_errors, share update exclusive.
create or replace function reimbursement.make_job_partitions(p_jobs bigint default 0) returns int
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_last record;
    v_given bigint;
    v_size bigint;
    v_table text;
    v_made int := 0;
begin
    loop
        select p.partition_number, coalesce(p.first_job_id, 0) as first_job_id, p.last_job_id into v_last
        from reimbursement.job_partitions as p
        order by p.last_job_id desc
        limit 1;
        select s.last_value into v_given from reimbursement.jobs_job_id_seq as s;
        select r.jobs_per_partition into v_size from reimbursement.job_retention as r;
        exit when v_given + p_jobs < v_last.first_job_id;

        begin
            if v_given + p_jobs + least(v_size / 10, 10000) < v_last.last_job_id then
                lock table only reimbursement.jobs in share update exclusive mode nowait;
                lock table only reimbursement.job_errors in share update exclusive mode nowait;
            else
                lock table only reimbursement.jobs in share update exclusive mode;
                lock table only reimbursement.job_errors in share update exclusive mode;
            end if;
        exception when lock_not_available then
            exit when v_given + p_jobs + least(v_size / 10, 10000) < v_last.last_job_id;
            raise;
        end;
        -- A new statement, for what was made by whoever had the lock before.
        insert into reimbursement.job_partitions (partition_number, first_job_id, last_job_id)
        select p.partition_number + 1, p.last_job_id + 1, p.last_job_id + v_size
        from reimbursement.job_partitions as p
        where p.last_job_id = v_last.last_job_id
            and not exists (select from reimbursement.job_partitions as n where n.last_job_id > v_last.last_job_id);
        continue when not found;
        foreach v_table in array array['jobs', 'job_errors'] loop
            execute format(
                'create table reimbursement.%1$I (
                    like reimbursement.%2$I including defaults including constraints
                ) %3$s',
                v_table || '_' || v_last.partition_number + 1, v_table,
                case v_table when 'jobs' then 'with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0,
                    autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0,
                    autovacuum_analyze_threshold = 500)' else '' end);
            execute format('comment on table reimbursement.%1$I is %2$L', v_table || '_' || v_last.partition_number + 1,
                format('A part of %s: see job_partitions.', v_table));
            execute format(
                'alter table reimbursement.%1$I attach partition reimbursement.%2$I
                    for values from (%3$s) to (%4$s)',
                v_table, v_table || '_' || v_last.partition_number + 1, v_last.last_job_id + 1,
                v_last.last_job_id + v_size + 1);
        end loop;
        v_made := v_made + 1;
    end loop;
    if v_made > 0 then
        perform reimbursement.secure_job_partitions();
    end if;
    return v_made;
end
$$;

comment on function reimbursement.make_job_partitions(bigint) is
'Makes the partitions that the next jobs will lie in, ahead of them. Returns how many.';
