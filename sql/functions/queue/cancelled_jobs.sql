-- Which of some running jobs belong to runs that are to be cancelled, for their worker to stop them.
--
-- Reads: jobs, cancel_requests. Raises: 42501 the duty worker is missing.
create or replace function reimbursement.cancelled_jobs(p_job_ids bigint []) returns setof bigint
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    select j.job_id
    from reimbursement.cancel_requests as c
    inner join reimbursement.jobs as j on j.legal_entity_id = c.legal_entity_id and j.run_id = c.run_id
    where j.job_id = any (p_job_ids) and j.state = 'running';
end
$$;

comment on function reimbursement.cancelled_jobs(bigint []) is
'Which of some running jobs belong to runs that are to be cancelled.';
