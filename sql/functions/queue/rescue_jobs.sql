-- Ends the attempts that nobody carries out any more, so that their jobs are tried again.
--
-- A running job whose row can be locked has no live transfer: its worker or its backend is gone. p_grace is the time
-- that a worker may take between claiming a job and beginning it. A job that runs since a time to come, or since no
-- time at all, was never claimed: it would keep claims waiting for ever, and is lost too.
-- Returns: the jobs that were lost, and their state now. Writes: as fail_job. Locks: their rows; skips locked ones.
create or replace function reimbursement.rescue_jobs(p_grace interval default interval '5 seconds')
returns table (legal_entity_id text, job_id bigint, run_id bigint, attempt int, state text)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    with lost as materialized (
        select j.legal_entity_id, j.job_id, j.run_id, j.attempt, j.worker
        from reimbursement.jobs as j
        where j.state = 'running'
            and (j.claimed_at between clock_timestamp() - p_grace and clock_timestamp() + p_grace) is not true
        for no key update skip locked
    )
    select
        l.legal_entity_id, l.job_id, l.run_id, l.attempt,
        reimbursement.fail_job(
            l.legal_entity_id, l.job_id, l.attempt, 'lost', '08006',
            format('worker %s or its connection is gone, and nothing of its attempt was kept', l.worker))
    from lost as l;
end
$$;

comment on function reimbursement.rescue_jobs(interval) is
'Ends the attempts whose worker or backend is gone, so that their jobs are tried again.';
