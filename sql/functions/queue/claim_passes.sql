-- T1: claims ready jobs of a queue for a worker: small jobs of one legal entity, kind and priority together, up to
-- p_jobs_per_pass, and every other job by itself; no more passes than the worker has free slots.
--
-- By priority; of the same priority the legal entities take turns, a pass each; of one legal entity by time and id. A
-- legal entity with a limit (job_limits) gets no more than that. Of a queue that is paused it claims nothing.
-- To be committed at once and durably, so that the attempt is counted before it runs. A job that failed, was lost or
-- was put off before, that has a timeout, or that was approved, is never put together with others.
-- A job that was lost twice, or lost as the server crashed, is a suspect (jobs.is_suspect): it may have been the cause,
-- and then it is found out, given up, and costs no other job more than one attempt. A first loss without a crash is its
-- worker's or its host's. No two suspects run side by side, of whatever queue or legal entity, for any that
-- were lost in one crash are suspects since; only one that has run for ten minutes is waited for no longer, as it may
-- hang. The jobs of a suspect's queue and legal entity wait for it, and it for them. Nobody else waits: another queue's
-- jobs, and another legal entity's, are beside a suspect once at most before they are suspects themselves.
-- Claims of suspects exclude each other by the row of queue_gates, which nobody but the owner can lock, and never wait
-- for it; a claim that runs at the same time as a suspect's may still take a job of its queue and legal entity.
-- Returns: the claimed jobs, the pass of each, from 1, how long it had been due, and its timeout in seconds, or null.
-- It may return fewer than wait, where others claim at the same time: whoever has a free slot asks until nothing comes.
-- Writes: jobs, claim_turns, claim_bounds, waiting_lists. Locks: the claimed rows; queue_gates, for suspects; the
-- queue's rows in job_limits. Raises: 42501 the duty worker is missing; 55P03, to be tried again.
create or replace function reimbursement.claim_passes(
    p_worker text, p_passes int, p_jobs_per_pass int, p_queue text default 'default'
) returns table (
    pass bigint, legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text,
    waited_seconds double precision, timeout_seconds double precision
)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set lock_timeout = '10s'
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_sort = off set cpu_operator_cost = 1 set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    c_patience constant interval := interval '10 minutes';
    v_from record;
    v_suspected text [];
    v_is_gate_ours boolean := false;
    v_suspects int := 0;
    v_limited text [];
    v_allowed int [];
    v_last text;
    v_tried int := 0;
    v_claimed int;
begin
    perform reimbursement.require_duty(null, 'worker');
    if p_passes < 1 or exists (select from reimbursement.paused_queues as p where p.queue = p_queue) then
        return;
    end if;
    v_from := reimbursement.look_from(p_queue);
    -- The legal entities whose jobs in this queue wait for a suspect.
    select array_agg(s.legal_entity_id) into v_suspected
    from (
        select j.legal_entity_id
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'ready' and j.is_suspect and j.run_at <= now()
            and j.job_id >= v_from.jobs_from
        union
        select j.legal_entity_id
        from reimbursement.jobs as j
        where j.queue = p_queue and j.state = 'running' and j.is_suspect and j.job_id >= v_from.jobs_from
    ) as s;
    select array_agg(l.legal_entity_id), array_agg(l.jobs) into v_limited, v_allowed
    from reimbursement.limited_entities(p_queue, v_from.running_from, v_from.jobs_from) as l;

    if v_suspected is not null then
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
                and j.job_id >= v_from.jobs_from
                and not exists (
                    select from unnest(v_limited, v_allowed) as a (legal_entity_id, jobs)
                    where a.legal_entity_id = j.legal_entity_id and a.jobs = 0
                )
                and not exists (
                    select from reimbursement.jobs as r
                    where r.state = 'running' and r.claimed_at >= v_from.running_from
                        and r.job_id >= v_from.jobs_from and (
                        r.queue = p_queue and r.legal_entity_id = j.legal_entity_id
                        or r.is_suspect and r.claimed_at > clock_timestamp() - c_patience
                    )
                )
            order by j.priority, j.run_at, j.job_id
            limit 1
            for no key update skip locked
        )
        update reimbursement.jobs as j
        set
            state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp(),
            begun_at = null, missing_since = null
        from picked as p
        where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id and j.job_id >= v_from.jobs_from
        returning
            1::bigint, j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind,
            extract(epoch from j.claimed_at - j.run_at)::double precision,
            extract(epoch from j.timeout)::double precision;
        get diagnostics v_suspects = row_count;
    end if;

    v_last := coalesce((
        select t.legal_entity_id
        from reimbursement.claim_turns as t
        where t.queue = p_queue
        order by t.turn desc
        limit 1
    ), '');
    loop
        return query
        with lists as materialized (
            select
                l.priority, l.legal_entity_id, l.legal_entity_id <= v_last as has_had_its_turn, w.jobs,
                w.first_run_at, a.jobs as allowed
            from reimbursement.waiting_lists as l
            left join unnest(v_limited, v_allowed) as a (legal_entity_id, jobs) on a.legal_entity_id = l.legal_entity_id
            cross join lateral (
                select count(*) as jobs, min(x.run_at) as first_run_at
                from (
                    select j.run_at
                    from reimbursement.jobs as j
                    where j.queue = p_queue and j.priority = l.priority and j.legal_entity_id = l.legal_entity_id
                        and j.state in ('scheduled', 'ready') and j.run_at between v_from.waiting_from and now()
                        and j.job_id >= v_from.jobs_from and not j.is_suspect
                    order by j.run_at
                    limit least(p_passes - v_suspects, a.jobs)
                ) as x
            ) as w
            where l.queue = p_queue and l.legal_entity_id <> all (coalesce(v_suspected, '{}')) and w.jobs > 0
        ),
        turns as (
            select l.priority, l.legal_entity_id, l.has_had_its_turn, l.first_run_at, l.allowed
            from lists as l
            cross join lateral generate_series(1, l.jobs) as r (round)
            order by l.priority, r.round, l.has_had_its_turn, l.legal_entity_id
            limit p_passes - v_suspects offset v_tried
        ),
        given as materialized (
            select t.priority, t.legal_entity_id, t.has_had_its_turn, t.first_run_at, t.allowed, count(*) as passes
            from turns as t
            group by t.priority, t.legal_entity_id, t.has_had_its_turn, t.first_run_at, t.allowed
        ),
        picked as materialized (
            select
                g.legal_entity_id, g.priority, g.has_had_its_turn, g.allowed, j.job_id, j.kind, j.run_at,
                j.is_small and j.approval_round is null and j.timeout is null as may_share
            from given as g
            cross join lateral (
                select x.job_id, x.kind, x.run_at, x.is_small, x.approval_round, x.timeout
                from reimbursement.jobs as x
                where x.queue = p_queue and x.priority = g.priority and x.legal_entity_id = g.legal_entity_id
                    and x.state in ('scheduled', 'ready') and x.run_at between g.first_run_at and now()
                    and x.job_id >= v_from.jobs_from and not x.is_suspect
                order by x.run_at, x.job_id
                limit g.passes * p_jobs_per_pass
                for no key update skip locked
            ) as j
        ),
        placed as (
            select
                p.*,
                row_number() over (partition by p.legal_entity_id order by p.priority, p.run_at, p.job_id) as place,
                (row_number() over (
                    partition by p.legal_entity_id, p.kind, p.may_share, p.priority order by p.run_at, p.job_id
                ) - 1) / p_jobs_per_pass as share
            from picked as p
        ),
        grouped as (
            select
                p.*,
                min(p.place) over (
                    partition by p.legal_entity_id, p.kind, p.priority, p.share,
                        case when not p.may_share then p.job_id end
                ) as first_place
            from placed as p
            where p.place <= coalesce(p.allowed, p.place)
        ),
        rounds as (
            select
                g.*, dense_rank() over (partition by g.priority, g.legal_entity_id order by g.first_place) as round
            from grouped as g
        ),
        passes as (
            select
                r.legal_entity_id, r.job_id,
                v_suspects + dense_rank() over (
                    order by r.priority, r.round, r.has_had_its_turn, r.legal_entity_id
                ) as pass
            from rounds as r
        ),
        claimed as (
            update reimbursement.jobs as j
            set
                state = 'running', attempt = j.attempt + 1, worker = p_worker, claimed_at = clock_timestamp(),
                begun_at = null, missing_since = null
            from passes as p
            where j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id and j.job_id >= v_from.jobs_from
                and p.pass <= p_passes
            returning
                p.pass, j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.kind,
                extract(epoch from j.claimed_at - j.run_at)::double precision,
                extract(epoch from j.timeout)::double precision
        ),
        turn as (
            insert into reimbursement.claim_turns (queue, legal_entity_id)
            select p_queue, c.legal_entity_id
            from claimed as c
            where (select min(l.legal_entity_id) <> max(l.legal_entity_id) from lists as l)
            order by c.pass desc
            limit 1
        )
        select c.* from claimed as c;
        get diagnostics v_claimed = row_count;
        -- Where others were quicker with those whose turn it is, the next have theirs.
        v_tried := v_tried + p_passes - v_suspects;
        exit when v_claimed + v_suspects > 0 or v_tried > 3 * p_passes or not exists (
            select
            from reimbursement.waiting_lists as l
            inner join reimbursement.jobs as j
                on j.queue = l.queue and j.priority = l.priority and j.legal_entity_id = l.legal_entity_id
                    and j.state in ('scheduled', 'ready') and j.run_at between v_from.waiting_from and now()
                    and j.job_id >= v_from.jobs_from
            where l.queue = p_queue
        );
    end loop;

    if v_from.is_whole or v_from.is_due and v_claimed + v_suspects > 0 then
        perform reimbursement.write_claim_bound(
            p_queue, v_from.waiting_from, v_from.running_from, v_from.jobs_from, v_from.is_whole);
    end if;
end
$$;

comment on function reimbursement.claim_passes(text, int, int, text) is
'T1: claims ready jobs of a queue for a worker, small ones together. Commit at once.';
