-- Takes each partition of jobs one step further on its way out.
--
-- filling: its numbers are all given away, and whoever was given one has ended: it is full. full: its jobs have all
-- ended, longer ago than p_keep_for: their totals are written, about p_jobs of them at a time. counted: no transaction
-- is left that may not see the totals: it is dropped. Each step waits for the transactions of the step before by
-- looking again another time, and for nothing else: p_keep_for null forgets nothing that is not counted yet. A
-- partition that another session has in hand, or a run of which is being taken up again, is left alone. Returns: what
-- became of each that is not dropped yet, or is now. Reads: jobs, the sequence of job_id. Writes: job_partitions,
-- run_totals. Locks: the rows of job_partitions; when a partition is dropped as drop_job_partition. Raises: RB030 the
-- transaction is not READ COMMITTED.
create or replace function reimbursement.forget_job_partitions(p_keep_for interval, p_jobs int)
returns table (partition_number int, first_job_id bigint, last_job_id bigint, state text, outcome text)
language plpgsql set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
declare
    v_partition reimbursement.job_partitions;
    v_table text;
    v_has_unfinished boolean;
    v_now text [];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            'no job is forgotten', 'It has to be seen what others take up again meanwhile.');
    end if;
    for v_partition in
        select p.* from reimbursement.job_partitions as p where p.state <> 'dropped' order by p.partition_number
    loop
        v_table := format('reimbursement.%I', 'jobs_' || v_partition.partition_number);
        outcome := case
            when v_partition.state = 'filling' and (
                select s.last_value from reimbursement.jobs_job_id_seq as s
            ) <= v_partition.last_job_id then 'its numbers are still given to jobs'
            when v_partition.state = 'full' and p_keep_for is null then 'it is kept for ever'
            when v_partition.state = 'full' and v_partition.last_finished_at > now() - p_keep_for
                then 'it is kept, as its last job has ended too short a time ago'
        end;
        if outcome is null then
            select p.* into v_partition
            from reimbursement.job_partitions as p
            where p.partition_number = v_partition.partition_number and p.state = v_partition.state
            for update skip locked;
            if not found then
                outcome := 'another session has it in hand';
            end if;
        end if;
        if outcome is not null then
            partition_number := v_partition.partition_number;
            first_job_id := v_partition.first_job_id;
            last_job_id := v_partition.last_job_id;
            state := v_partition.state;
            return next;
            continue;
        end if;

        if v_partition.state = 'filling' then
            v_now := reimbursement.running_transactions();
            if coalesce(v_partition.waits_for, v_now) && v_now then
                v_partition.waits_for := coalesce(v_partition.waits_for, v_now);
                outcome := 'it waits for transactions that may still write jobs';
            else
                v_partition.state := 'full';
                v_partition.waits_for := null;
            end if;
            update reimbursement.job_partitions as p
            set state = v_partition.state, waits_for = v_partition.waits_for
            where p.partition_number = v_partition.partition_number;
        end if;
        if v_partition.state = 'full' and p_keep_for is not null then
            execute format(
                'select exists (select from %1$s as j where j.state in (''scheduled'', ''ready''))
                    or exists (select from %1$s as j where j.state = ''running'')
                    or exists (select from %1$s as j where j.state = ''awaiting_approval'')', v_table)
            into v_has_unfinished;
            if v_has_unfinished then
                outcome := 'some of its jobs have not ended';
            elsif v_partition.last_finished_at is null or v_partition.last_finished_at <= now() - p_keep_for then
                -- Once more where it is known: a run may have been taken up again since.
                execute format('select coalesce(max(j.finished_at), ''-infinity'') from %s as j', v_table)
                into v_partition.last_finished_at;
                update reimbursement.job_partitions as p
                set last_finished_at = v_partition.last_finished_at
                where p.partition_number = v_partition.partition_number;
            end if;
            if outcome is null and v_partition.last_finished_at <= now() - p_keep_for then
                v_partition.state := 'counting';
            else
                outcome := coalesce(outcome, 'it is kept, as its last job has ended too short a time ago');
            end if;
        elsif v_partition.state = 'full' then
            outcome := 'it is kept for ever';
        end if;
        if v_partition.state = 'counting' then
            v_partition.state := case
                when reimbursement.count_job_partition(v_partition.partition_number, p_jobs) then 'counted'
                else 'counting'
            end;
            outcome := case v_partition.state
                when 'counted' then 'its runs have their totals, and it is dropped when everybody sees them'
                else 'the totals of its runs are being written' end;
        elsif v_partition.state = 'counted' and v_partition.counted_by <> pg_current_xact_id() then
            v_now := reimbursement.running_transactions();
            if coalesce(v_partition.waits_for, v_now) && v_now then
                update reimbursement.job_partitions as p
                set waits_for = coalesce(p.waits_for, v_now)
                where p.partition_number = v_partition.partition_number;
                outcome := 'it waits for transactions that may not see the totals of its runs';
            else
                outcome := reimbursement.drop_job_partition(v_partition.partition_number);
                if outcome like 'dropped%' then
                    v_partition.state := 'dropped';
                end if;
            end if;
        elsif v_partition.state = 'counted' then
            outcome := 'it is dropped after this transaction has been committed';
        end if;
        partition_number := v_partition.partition_number;
        first_job_id := v_partition.first_job_id;
        last_job_id := v_partition.last_job_id;
        state := v_partition.state;
        return next;
    end loop;
end
$$;

comment on function reimbursement.forget_job_partitions(interval, int) is
'Takes each partition of jobs one step further on its way out. Returns what became of each.';
