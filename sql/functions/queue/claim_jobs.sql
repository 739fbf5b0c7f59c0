-- T1: claims ready jobs of a queue for a worker, by priority, time and id, no more than it has free slots.
--
-- As claim_passes with one job a pass.
-- Returns: the claimed jobs. Writes: jobs. Locks: the claimed rows.
create or replace function reimbursement.claim_jobs(p_worker text, p_slots int, p_queue text default 'default')
returns table (legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    select c.legal_entity_id, c.job_id, c.run_id, c.attempt, c.kind
    from reimbursement.claim_passes(p_worker, p_slots, 1, p_queue) as c;
end
$$;

comment on function reimbursement.claim_jobs(text, int, text) is
'T1: claims ready jobs of a queue for a worker. Commit at once.';
