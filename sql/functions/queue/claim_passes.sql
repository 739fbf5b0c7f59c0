-- T1: claims ready jobs of a queue for a worker, by priority, time and id: small jobs of one legal entity, kind and
-- priority together, up to p_jobs_per_pass, and every other job by itself; no more passes than the worker has free
-- slots.
--
-- Of a queue that is paused it claims nothing.
-- To be committed at once and durably, so that the attempt is counted before it runs. A job that failed, was lost or
-- was put off before, or that was approved, is never put together with others.
-- A job that was lost twice, or lost as the server crashed, is a suspect (jobs.is_suspect): it may have been the cause,
-- and then it is found out, given up, and costs no other job more than one attempt. A first loss without a crash is its
-- worker's or its host's. No two suspects run side by side, of whatever queue or legal entity, for any that
-- were lost in one crash are suspects since; only one that has run for ten minutes is waited for no longer, as it may
-- hang. The jobs of a suspect's queue and legal entity wait for it, and it for them. Nobody else waits: another queue's
-- jobs, and another legal entity's, are beside a suspect once at most before they are suspects themselves.
-- Claims of suspects exclude each other by the row of queue_gates, which nobody but the owner can lock, and never wait
-- for it; a claim that runs at the same time as a suspect's may still take a job of its queue and legal entity.
-- Returns: the claimed jobs, the pass of each, from 1, and how long it had been due. Writes: jobs. Locks: the claimed
-- rows; queue_gates, for suspects. Raises: 42501 the duty worker is missing; 55P03, to be tried again.
create or replace function reimbursement.claim_passes(
    p_worker text, p_passes int, p_jobs_per_pass int, p_queue text default 'default'
) returns table (
    pass bigint, legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text,
    waited_seconds double precision
)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set lock_timeout = '10s'
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    c_patience constant interval := interval '10 minutes';
    v_suspected text [];
    v_is_gate_ours boolean := false;
    v_suspects int := 0;
begin
    perform reimbursement.require_duty(null, 'worker');
    if exists (select from reimbursement.paused_queues as p where p.queue = p_queue) then
        return;
    end if;
    -- The legal entities whose jobs in this queue wait for a suspect.
    select array_agg(s.legal_entity_id) into v_suspected
    from (
        select j.legal_entity_id
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'ready' and j.is_suspect and j.run_at <= now()
        union
        select j.legal_entity_id
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'running' and j.is_suspect
    ) as s;

    if v_suspected is not null and p_passes > 0 then
        perform from reimbursement.queue_gates as g for update skip locked;
        v_is_gate_ours := found;
    end if;
    if v_is_gate_ours then
        -- A new statement, for what was claimed by whoever had the lock before.
        return query
        with picked as materialized (
            select j.legal_entity_id, j.job_id
            from reimbursement.jobs as j
            where j.queue = p_queue and j.state = 'ready' and j.is_suspect and j.run_at <= now()
                and not exists (
                    select from reimbursement.jobs as r
                    where r.state = 'running' and (
                        r.queue = p_queue and r.legal_entity_id = j.legal_entity_id
                        or r.is_suspect and r.claimed_at > clock_timestamp() - c_patience
                    )
                )
            order by j.priority, j.run_at, j.job_id
            limit 1
            for no key update skip locked
        )
        update reimbursement.jobs as j
        set state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp()
        from picked as p
        where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id
        returning
            1::bigint, j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind,
            extract(epoch from j.claimed_at - j.run_at)::double precision;
        get diagnostics v_suspects = row_count;
    end if;

    return query
    with picked as materialized (
        select
            j.legal_entity_id, j.job_id, j.kind, j.priority, j.run_at,
            j.is_small and j.approval_round is null as may_share
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state in ('scheduled', 'ready') and j.run_at <= now()
            and not j.is_suspect and j.legal_entity_id <> all (coalesce(v_suspected, '{}'))
        order by j.priority, j.run_at, j.job_id
        limit (p_passes - v_suspects) * p_jobs_per_pass
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
            g.legal_entity_id, g.job_id, v_suspects + dense_rank() over (order by g.first_place) as pass
        from grouped as g
    )
    update reimbursement.jobs as j
    set state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp()
    from passes as p
    where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id and p.pass <= p_passes
    returning
        p.pass, j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind,
        extract(epoch from j.claimed_at - j.run_at)::double precision;
end
$$;

comment on function reimbursement.claim_passes(text, int, int, text) is
'T1: claims ready jobs of a queue for a worker, small ones together. Commit at once.';
