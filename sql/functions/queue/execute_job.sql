-- T2: carries out a claimed job, all of its effects and its end in the caller's transaction.
--
-- As execute_jobs with this one job.
create or replace function reimbursement.execute_job(p_legal_entity_id text, p_job_id bigint, p_attempt int)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    perform from reimbursement.execute_jobs(p_legal_entity_id, array[p_job_id], array[p_attempt]);
end
$$;

comment on function reimbursement.execute_job(text, bigint, int) is
'T2: carries out a claimed job, all of its effects and its end in the caller''s transaction.';
