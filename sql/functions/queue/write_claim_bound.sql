-- Writes down from which times, and from which job on, the next claims of a queue need to look, as it is once a claim
-- is done.
--
-- That is the first time of what waits, and of what runs in any queue, but no later than three seconds ago, so that
-- whoever is enqueueing now is not overlooked. A job that is put before it is told of by note_new_jobs, note_late_run
-- and note_job; whatever else there may be is found by the claim that looks from the beginning, every ten seconds. That
-- one also finds out which lists there are, and in which partition the first job lies that waits or runs, of whatever
-- queue, or may be written yet; and it forgets what nobody needs any more.
-- Returns nothing. Reads: jobs, job_partitions. Writes: claim_bounds, waiting_lists, claim_turns. Waits for nobody.
create or replace function reimbursement.write_claim_bound(
    p_queue text, p_waiting_from timestamptz, p_running_from timestamptz, p_jobs_from bigint, p_is_whole boolean
) returns void
language plpgsql set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_sort = off set cpu_operator_cost = 1 set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    v_latest constant timestamptz := clock_timestamp() - interval '3 seconds';
begin
    if p_is_whole then
        with recursive found as (
            (
                select j.queue, j.priority, j.legal_entity_id
                from reimbursement.jobs as j
                where j.queue = p_queue and j.state in ('scheduled', 'ready')
                order by j.queue, j.priority, j.legal_entity_id
                limit 1
            )
            union all
            select n.queue, n.priority, n.legal_entity_id
            from found as f
            cross join lateral (
                select j.queue, j.priority, j.legal_entity_id
                from reimbursement.jobs as j
                where j.queue = f.queue and (j.priority, j.legal_entity_id) > (f.priority, f.legal_entity_id)
                    and j.state in ('scheduled', 'ready')
                order by j.queue, j.priority, j.legal_entity_id
                limit 1
            ) as n
        )
        insert into reimbursement.waiting_lists (queue, priority, legal_entity_id)
        select f.queue, f.priority, f.legal_entity_id from found as f
        on conflict do nothing;
        with idle as materialized (
            select l.queue, l.priority, l.legal_entity_id
            from reimbursement.waiting_lists as l
            where l.queue = p_queue and l.begun_at < v_latest - interval '1 hour' and not exists (
                select from reimbursement.jobs as j
                where j.queue = l.queue and j.priority = l.priority and j.legal_entity_id = l.legal_entity_id
                    and j.state in ('scheduled', 'ready')
            )
            for update skip locked
        )
        delete from reimbursement.waiting_lists as l using idle as i
        where l.queue = i.queue and l.priority = i.priority and l.legal_entity_id = i.legal_entity_id;
        with old as materialized (
            select b.claim_bound_id from reimbursement.claim_bounds as b
            where b.at < v_latest - interval '1 minute'
            for update skip locked
        )
        delete from reimbursement.claim_bounds as b using old as o where b.claim_bound_id = o.claim_bound_id;
        with old as materialized (
            select t.queue, t.turn from reimbursement.claim_turns as t
            where t.queue = p_queue and t.turn < (
                select max(n.turn) - 1000 from reimbursement.claim_turns as n where n.queue = p_queue
            )
            for update skip locked
        )
        delete from reimbursement.claim_turns as t using old as o where t.queue = o.queue and t.turn = o.turn;
    end if;

    insert into reimbursement.claim_bounds (queue, waiting_from, running_from, jobs_from, is_whole)
    values (
        p_queue,
        least(v_latest, (
            select min(w.run_at)
            from reimbursement.waiting_lists as l
            cross join lateral (
                select j.run_at
                from reimbursement.jobs as j
                where j.queue = l.queue and j.priority = l.priority and j.legal_entity_id = l.legal_entity_id
                    and j.state in ('scheduled', 'ready') and j.run_at >= p_waiting_from
                    and j.job_id >= p_jobs_from
                order by j.run_at
                limit 1
            ) as w
            where l.queue = p_queue
        )),
        least(v_latest, (
            select min(j.claimed_at) from reimbursement.jobs as j
            where j.state = 'running' and j.claimed_at >= p_running_from and j.job_id >= p_jobs_from
        )),
        case when p_is_whole then (
            select coalesce(p.first_job_id, -9223372036854775808)
            from reimbursement.job_partitions as p
            where p.state <> 'dropped' and (
                p.state = 'filling'
                or exists (
                    select from reimbursement.jobs as j
                    where j.job_id between coalesce(p.first_job_id, j.job_id) and p.last_job_id
                        and j.state in ('scheduled', 'ready')
                )
                or exists (
                    select from reimbursement.jobs as j
                    where j.job_id between coalesce(p.first_job_id, j.job_id) and p.last_job_id and j.state = 'running'
                )
            )
            order by p.last_job_id
            limit 1
        ) end,
        p_is_whole
    );
end
$$;

comment on function reimbursement.write_claim_bound(text, timestamptz, timestamptz, bigint, boolean) is
'Writes down from which times, and from which job on, the next claims of a queue need to look.';
