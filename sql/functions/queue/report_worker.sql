-- Says that a worker is there, and gives back what it has claimed without knowing.
--
-- A worker calls it about every p_seen_every. Where the answer to a claim was lost, its jobs run and nobody has them:
-- they are not among those that the worker has, p_job_ids, and are ready again, at no cost. Workers that have not been
-- seen for a day are forgotten.
-- Returns: how many jobs were given back. Writes: connected_workers, jobs. Locks: the worker's row; waits for no other.
-- Raises: 42501 the duty worker is missing.
create or replace function reimbursement.report_worker(
    p_worker text, p_queue text, p_slots int, p_seen_every interval, p_version text, p_job_ids bigint []
) returns int
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set jit = off set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
    v_from record;
    v_given_back int;
begin
    perform reimbursement.require_duty(null, 'worker');
    insert into reimbursement.connected_workers as w (worker, queue, slots, seen_every, version)
    values (p_worker, p_queue, p_slots, p_seen_every, p_version)
    on conflict (worker) do update
    set queue = excluded.queue, slots = excluded.slots, seen_every = excluded.seen_every, version = excluded.version,
        seen_at = clock_timestamp();
    with gone as materialized (
        select w.worker from reimbursement.connected_workers as w
        where w.seen_at < clock_timestamp() - interval '1 day'
        for update skip locked
    )
    delete from reimbursement.connected_workers as w using gone as g where w.worker = g.worker;
    v_from := reimbursement.look_from(null);
    select count(g.job_id) into v_given_back
    from (
        select j.legal_entity_id, array_agg(j.job_id) as job_ids, array_agg(j.attempt) as attempts
        from reimbursement.jobs as j
        where j.state = 'running' and j.claimed_at >= v_from.running_from and j.job_id >= v_from.jobs_from
            and j.worker = p_worker and j.begun_at is null and j.job_id <> all (p_job_ids)
        group by j.legal_entity_id
    ) as u
    cross join lateral reimbursement.release_jobs(u.legal_entity_id, u.job_ids, u.attempts, true) as g (job_id);
    return v_given_back;
end
$$;

comment on function reimbursement.report_worker(text, text, int, interval, text, bigint []) is
'Says that a worker is there (view workers), and gives back what it has claimed without knowing.';
