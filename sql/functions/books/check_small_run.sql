-- Violations in what a run wrote and touches that is a small part of the books: every row is looked up by its key.
--
-- The settings leave nothing but look-ups by index. It is planned for each run anew: of the tables as large as they are
-- now, a plan made when they had a few rows would read them from end to end.
create or replace function reimbursement.check_small_run(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_custom_plan
as $$
begin
    return query select * from reimbursement.check_rules(p_legal_entity_id, p_run_id);
end
$$;

comment on function reimbursement.check_small_run(text, bigint) is
'Violations in what a run wrote and touches, each row looked up by its key. For check_run.';
