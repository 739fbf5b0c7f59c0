-- Violations in all books, or in those of one legal entity.
--
-- It reads them whole, so hash joins always pay; right after a large run, before its tables have statistics, the
-- planner would choose others all the same, by a part of the key, and take minutes for seconds.
create or replace function reimbursement.check_all_books(p_legal_entity_id text)
returns setof reimbursement.violation
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_nestloop = off set enable_mergejoin = off set jit = off set plan_cache_mode = force_custom_plan
as $$
begin
    return query select * from reimbursement.check_rules(p_legal_entity_id, null);
end
$$;

comment on function reimbursement.check_all_books(text) is 'Violations in all books, or in those of one legal entity.';
