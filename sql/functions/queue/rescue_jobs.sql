-- Ends the attempts that nobody carries out any more, so that their jobs are tried again, and wakes their workers.
--
-- A running job whose row can be locked has no live transfer. What has begun (jobs.begun_at) is lost then, when it is
-- found so twice, a third of a second apart, for its worker may be about to say what became of it.
-- What was claimed and has not begun waits for its worker while that says that it is there, however long: behind an
-- exhausted pool nobody has died. When the worker has been silent for p_grace, twice that the second time, and so on,
-- the job is ready again, at no cost, for nothing was tried, unless the server has crashed since, which may have
-- forgotten that it had begun. Of a worker that says nothing of itself (report_worker, begin_jobs) nobody knows: what
-- it has claimed longer ago than p_grace is lost.
-- A job that was given back while its run was being cancelled ends cancelled.
-- A job that runs since a time to come, or since no time at all, was never claimed: it would keep claims waiting for
-- ever, and is lost too.
-- Returns: the jobs, and their state now. Reads: connected_workers. Writes: as fail_job and release_jobs. Locks: their
-- rows; skips locked ones. Raises: 42501 the duty worker is missing.
create or replace function reimbursement.rescue_jobs(p_grace interval default interval '5 seconds')
returns table (legal_entity_id text, job_id bigint, run_id bigint, attempt int, state text)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_from record;
begin
    perform reimbursement.require_duty(null, 'worker');
    v_from := reimbursement.look_from(null);
    -- Neither could see the other, whoever cancelled and whoever gave the job back.
    with left_over as materialized (
        select x.legal_entity_id, x.job_id
        from reimbursement.cancel_requests as c
        cross join lateral (
            select j.legal_entity_id, j.job_id
            from reimbursement.jobs as j
            where j.run_id = c.run_id and j.legal_entity_id = c.legal_entity_id
                and j.state in ('scheduled', 'ready', 'awaiting_approval')
            for no key update skip locked
        ) as x
        where c.requested_at > clock_timestamp() - interval '10 minutes'
    )
    update reimbursement.jobs as j
    set state = 'cancelled', finished_at = clock_timestamp(),
        last_error = reimbursement.cancel_reason(j.legal_entity_id, j.run_id)
    from left_over as l
    where j.legal_entity_id = l.legal_entity_id and j.job_id = l.job_id;
    return query
    with found as materialized (
        select
            j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.worker, j.queue,
            j.begun_at is null and w.worker is not null and j.claimed_at <= clock_timestamp()
                and not reimbursement.has_crashed_since(j.claimed_at) as is_only_claimed,
            j.begun_at is not null and p_grace > interval '0'
                and (j.missing_since <= clock_timestamp() - interval '300 milliseconds') is not true as is_new
        from reimbursement.jobs as j
        left join lateral (
            select x.worker, x.seen_at from reimbursement.connected_workers as x where x.worker = j.worker offset 0
        ) as w on true
        where j.state = 'running' and (j.claimed_at >= v_from.running_from or j.claimed_at is null)
            and j.job_id >= v_from.jobs_from and case
            when j.claimed_at <= clock_timestamp() + p_grace is not true then true
            when j.begun_at is not null
                then j.begun_at <= clock_timestamp() - least(p_grace, interval '300 milliseconds')
            when w.worker is null then j.claimed_at <= clock_timestamp() - p_grace
            else greatest(w.seen_at, j.claimed_at) <= clock_timestamp()
                - p_grace * power(2, least(j.attempt - j.failed_attempts - j.lost_attempts - 1, 6))
        end
        for no key update of j skip locked
    ),
    missing as (
        update reimbursement.jobs as j
        set missing_since = clock_timestamp()
        from found as f
        where f.is_new and j.legal_entity_id = f.legal_entity_id and j.job_id = f.job_id and j.missing_since is null
    ),
    ended as (
        select
            f.*,
            case when not f.is_only_claimed then reimbursement.fail_job(
                f.legal_entity_id, f.job_id, f.attempt, 'lost', '08006',
                format('the transfer by worker %s or its connection is gone, and nothing of its attempt was kept', f.worker)
            ) end as state
        from found as f
        where not f.is_new
    ),
    woken as (
        select pg_notify('reimbursement.' || q.queue, '') from (select distinct e.queue from ended as e) as q
    )
    select
        e.legal_entity_id, e.job_id, e.run_id, e.attempt,
        coalesce(e.state, (
            select case when count(*) > 0 then 'ready' end
            from reimbursement.release_jobs(e.legal_entity_id, array[e.job_id], array[e.attempt], true)
        ))
    from ended as e
    where (select count(*) from woken) >= 0;
end
$$;

comment on function reimbursement.rescue_jobs(interval) is
'Ends the attempts whose transfer or worker is gone, so that their jobs are tried again.';
