-- Violations in what a run wrote and touches that is a large part of the books: they are read whole, as check_all_books
-- does, and joined by hash. check_run, which calls it, has sequential scans off.
create or replace function reimbursement.check_large_run(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = on set enable_nestloop = off set enable_mergejoin = off
set jit = off set plan_cache_mode = force_custom_plan
as $$
begin
    return query select * from reimbursement.check_rules(p_legal_entity_id, p_run_id);
end
$$;

comment on function reimbursement.check_large_run(text, bigint) is
'Violations in what a run wrote and touches, found by reading the books whole. For check_run.';
