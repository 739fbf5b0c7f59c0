-- Violations in what a run wrote and in what that touches, in time that follows the run and not the books.
--
-- A run that wrote a quarter of the books or more is checked by reading them whole, and not key by key. How large it is
-- say its jobs, and the size of the ledger's file, which no statistics have to tell: what a job processed has two lines
-- there at least, of some hundred bytes each. Both ways check the same.
-- p_legal_entity_id: of the run, or null. Raises: RB033 there is no such run, or it is of another legal entity.
create or replace function reimbursement.check_run(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_mergejoin = off set jit = off
as $$
declare
    c_ledger_bytes constant bigint := 200;
    v_legal_entity_id text;
    v_items bigint;
begin
    -- A run is found by its whole key, and legal entities are few.
    select r.legal_entity_id into v_legal_entity_id
    from reimbursement.legal_entities as e
    cross join lateral (
        select q.legal_entity_id
        from reimbursement.run_requests as q
        where q.legal_entity_id = e.legal_entity_id and q.run_id = p_run_id
        limit 1
    ) as r
    where p_legal_entity_id is null or e.legal_entity_id = p_legal_entity_id;
    if v_legal_entity_id is null then
        raise exception using errcode = 'RB033',
            message = case when p_legal_entity_id is null
                then format('there is no run %s', p_run_id)
                else format('legal entity "%s" has no run %s', p_legal_entity_id, p_run_id)
            end,
            hint = 'The view reimbursement.runs lists what there is.';
    end if;
    select r.processed into v_items
    from reimbursement.runs as r
    where r.run_id = p_run_id and r.legal_entity_id = v_legal_entity_id;
    if v_items * c_ledger_bytes * 4 > pg_relation_size('reimbursement.ledger_entries') then
        return query select * from reimbursement.check_large_run(v_legal_entity_id, p_run_id);
    else
        return query select * from reimbursement.check_small_run(v_legal_entity_id, p_run_id);
    end if;
end
$$;

comment on function reimbursement.check_run(text, bigint) is
'Violations in what a run wrote and in what that touches; raises RB033 when there is no such run.';
