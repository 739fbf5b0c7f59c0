-- Which of some attempts are over: their job has ended, or is another's, or waits for another attempt.
--
-- For a worker that waits for an answer which may never come. It looks at all that runs, not only as far back as
-- claims do: whoever believes that a live transfer is over would end it.
-- Reads: jobs. Raises: 42501 the duty worker is missing.
create or replace function reimbursement.ended_attempts(p_job_ids bigint [], p_attempts int []) returns setof bigint
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set jit = off set enable_seqscan = off
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    select u.job_id
    from unnest(p_job_ids, p_attempts) as u (job_id, attempt)
    where not exists (
        select from reimbursement.jobs as j
        where j.state = 'running' and j.job_id = u.job_id and j.attempt = u.attempt
    );
end
$$;

comment on function reimbursement.ended_attempts(bigint [], int []) is 'Which of some attempts are over.';
