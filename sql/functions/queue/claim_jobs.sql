-- T1: claims ready jobs of a queue for a worker, by priority, time and id, no more than it has free slots.
--
-- To be committed at once and durably, so that the attempt is counted before it runs. A job that was lost before
-- runs alone: the other jobs of its queue wait for it, it waits until none of them runs, and while it runs nothing
-- is begun in any queue. So a job that kills its server is found out, and costs no other job its attempts; a job of
-- another queue is beside it once at most. For this claims take a shared advisory lock, and the claim of a lost job
-- an exclusive one; only the waiting depends on it, never the books.
-- Returns: the claimed jobs. Writes: jobs. Locks: the claimed rows.
create or replace function reimbursement.claim_jobs(p_worker text, p_slots int, p_queue text default 'default')
returns table (legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text)
language plpgsql set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
declare
    c_claim_lock constant bigint := 7236283051;
    v_is_one_suspect boolean;
    v_slots int := p_slots;
begin
    select exists (
        select from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'ready' and j.lost_attempts > 0 and j.run_at <= now()
    ) into v_is_one_suspect;
    if v_is_one_suspect then
        perform pg_advisory_xact_lock(c_claim_lock);
        v_slots := least(p_slots, 1);
    else
        perform pg_advisory_xact_lock_shared(c_claim_lock);
    end if;
    -- A new statement, for what others committed while this one waited.
    if exists (
        select from reimbursement.jobs as j
        where j.state = 'running' and (j.lost_attempts > 0 or (v_is_one_suspect and j.queue = p_queue))
    ) then
        return;
    end if;

    return query
    with picked as materialized (
        select j.legal_entity_id, j.job_id
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state in ('scheduled', 'ready') and j.run_at <= now()
            and (not v_is_one_suspect or j.lost_attempts > 0)
        order by j.priority, j.run_at, j.job_id
        limit v_slots
        for no key update skip locked
    )
    update reimbursement.jobs as j
    set state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp()
    from picked as p
    where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id
    returning j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind;
end
$$;

comment on function reimbursement.claim_jobs(text, int, text) is
'T1: claims ready jobs of a queue for a worker. Commit at once.';
