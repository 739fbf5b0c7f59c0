-- The legal entity of a run; null where there is no such run. Reads: jobs.
create or replace function reimbursement.legal_entity_of_run(p_run_id bigint) returns text
language sql stable set search_path = reimbursement, pg_temp
as $$
    select j.legal_entity_id from reimbursement.jobs as j where j.run_id = p_run_id limit 1
$$;

comment on function reimbursement.legal_entity_of_run(bigint) is 'The legal entity of a run; null where there is none.';
