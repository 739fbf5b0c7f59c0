-- The legal entity of a run; null where there is no such run. Reads: run_requests.
create or replace function reimbursement.legal_entity_of_run(p_run_id bigint) returns text
language sql stable set search_path = reimbursement, pg_temp
as $$
    select r.legal_entity_id from reimbursement.run_requests as r where r.run_id = p_run_id limit 1
$$;

comment on function reimbursement.legal_entity_of_run(bigint) is 'The legal entity of a run; null where there is none.';
