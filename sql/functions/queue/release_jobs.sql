-- Gives claimed jobs back at no cost: those that could not be carried out together, that a worker stops, or that have
-- not begun.
--
-- That is no failure of any of them: their attempts are over, but none is counted against max_attempts. A pass that
-- was lost is not given back: each of its jobs is lost, see fail_job. Waits for a live pass of theirs to end, as
-- fail_job does; a job that is not running under its attempt is left as it is. The queue's workers are woken.
-- p_may_share: whether they may be put together with others as before; else each is carried out by itself.
-- Returns: the jobs that were given back. Writes: jobs. Locks: their rows, in the order of their ids.
create or replace function reimbursement.release_jobs(
    p_legal_entity_id text, p_job_ids bigint [], p_attempts int [], p_may_share boolean default false
) returns setof bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    with locked as materialized (
        select x.legal_entity_id, x.job_id, x.run_id
        from (
            select u.job_id, u.attempt from unnest(p_job_ids, p_attempts) as u (job_id, attempt) order by u.job_id
        ) as c
        cross join lateral (
            select j.legal_entity_id, j.job_id, j.run_id
            from reimbursement.jobs as j
            where j.legal_entity_id = p_legal_entity_id and j.job_id = c.job_id
                and j.attempt = c.attempt and j.state = 'running'
            for no key update
        ) as x
    )
    update reimbursement.jobs as j
    set
        state = case when c.reason is null then 'ready' else 'cancelled' end, last_error = coalesce(c.reason, j.last_error),
        finished_at = case when c.reason is not null then clock_timestamp() end,
        is_small = j.is_small and p_may_share, worker = null, claimed_at = null, begun_at = null, missing_since = null
    from locked as l
    cross join lateral (select reimbursement.cancel_reason(l.legal_entity_id, l.run_id) as reason offset 0) as c
    where j.legal_entity_id = l.legal_entity_id and j.job_id = l.job_id
    returning j.job_id;
    if found then
        perform pg_notify('reimbursement.' || q.queue, '')
        from (
            select distinct j.queue from reimbursement.jobs as j
            where j.legal_entity_id = p_legal_entity_id and j.job_id = any (p_job_ids)
        ) as q;
    end if;
end
$$;

comment on function reimbursement.release_jobs(text, bigint [], int [], boolean) is
'Gives claimed jobs back at no cost, to be claimed again.';
