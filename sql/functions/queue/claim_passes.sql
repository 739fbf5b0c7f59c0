-- T1: claims ready jobs of a queue for a worker, by priority, time and id: small jobs of one legal entity, kind and
-- priority together, up to p_jobs_per_pass, and every other job by itself; no more passes than the worker has free
-- slots.
--
-- To be committed at once and durably, so that the attempt is counted before it runs. A job that failed, was lost or
-- was put off before, or that was approved, is never put together with others. A job that was lost before runs alone:
-- the other jobs of its queue wait for it, it waits until none of them runs, and while it runs nothing is begun in any
-- queue. So a job that kills its server is found out, and costs no other job its attempts; a job of another queue is
-- beside it once at most. For this claims lock the table queue_gates together, and the claim of a lost job locks it
-- alone; only the waiting depends on it, never the books. Nobody but the owner has a privilege on that table, so that
-- nobody else can stop the claims; they wait for ten seconds at most.
-- Returns: the claimed jobs, and the pass of each, from 1. Writes: jobs. Locks: queue_gates, the claimed rows.
-- Raises: 42501 the duty worker is missing; 55P03, to be tried again, where another claim does not end.
create or replace function reimbursement.claim_passes(
    p_worker text, p_passes int, p_jobs_per_pass int, p_queue text default 'default'
) returns table (pass bigint, legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set lock_timeout = '10s'
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_is_one_suspect boolean;
    v_passes int := p_passes;
    v_jobs int := p_passes * p_jobs_per_pass;
begin
    perform reimbursement.require_duty(null, 'worker');
    select exists (
        select from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'ready' and j.lost_attempts > 0 and j.run_at <= now()
    ) into v_is_one_suspect;
    if v_is_one_suspect then
        lock table reimbursement.queue_gates in share row exclusive mode;
        v_passes := least(p_passes, 1);
        v_jobs := v_passes;
    else
        lock table reimbursement.queue_gates in row exclusive mode;
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
        select
            j.legal_entity_id, j.job_id, j.kind, j.priority, j.run_at,
            j.is_small and j.failed_attempts = 0 and j.lost_attempts = 0 and j.approval_round is null as may_share
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state in ('scheduled', 'ready') and j.run_at <= now()
            and (not v_is_one_suspect or j.lost_attempts > 0)
        order by j.priority, j.run_at, j.job_id
        limit v_jobs
        for no key update skip locked
    ),
    placed as (
        select
            p.*, row_number() over in_order as place,
            (row_number() over (
                partition by p.legal_entity_id, p.kind, p.may_share, p.priority order by p.run_at, p.job_id
            ) - 1) / p_jobs_per_pass as share
        from picked as p
        window in_order as (order by p.priority, p.run_at, p.job_id)
    ),
    grouped as (
        select
            p.*,
            min(p.place) over (
                partition by p.legal_entity_id, p.kind, p.priority, p.share, case when not p.may_share then p.job_id end
            ) as first_place
        from placed as p
    ),
    passes as (
        select
            g.legal_entity_id, g.job_id, dense_rank() over (order by g.first_place) as pass,
            count(*) over (partition by g.first_place) > 1 as shares_pass
        from grouped as g
    )
    update reimbursement.jobs as j
    set state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp(),
        shares_pass = p.shares_pass
    from passes as p
    where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id and p.pass <= v_passes
    returning p.pass, j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind;
end
$$;

comment on function reimbursement.claim_passes(text, int, int, text) is
'T1: claims ready jobs of a queue for a worker, small ones together. Commit at once.';
