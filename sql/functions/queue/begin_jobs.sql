-- Says that the transfer of claimed jobs begins, for whoever finds their rows unlocked later: then it is gone.
--
-- Called in a transaction of its own, just before execute_jobs in the same message; it need not be durable. A job that
-- is only claimed waits for its worker as long as that is there, however long the way to the database is.
-- Returns nothing. Writes: jobs. Locks: their rows, in the order of their ids.
-- Raises: 42501 the duty worker is missing.
create or replace function reimbursement.begin_jobs(p_legal_entity_id text, p_job_ids bigint [], p_attempts int [])
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set jit = off set plan_cache_mode = force_generic_plan
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    with claimed as materialized (
        select x.legal_entity_id, x.job_id
        from (
            select u.job_id, u.attempt from unnest(p_job_ids, p_attempts) as u (job_id, attempt) order by u.job_id
        ) as c
        cross join lateral (
            select j.legal_entity_id, j.job_id
            from reimbursement.jobs as j
            where j.legal_entity_id = p_legal_entity_id and j.job_id = c.job_id
                and j.attempt = c.attempt and j.state = 'running'
            for no key update
        ) as x
    )
    update reimbursement.jobs as j
    set begun_at = clock_timestamp()
    from claimed as c
    where j.legal_entity_id = c.legal_entity_id and j.job_id = c.job_id;
end
$$;

comment on function reimbursement.begin_jobs(text, bigint [], int []) is
'Says that the transfer of claimed jobs begins. Commit at once, just before execute_jobs().';
