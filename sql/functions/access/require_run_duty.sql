-- Refuses whoever has neither the duty of a run's kind (run_kinds.duty) in its legal entity, nor one of some others.
--
-- A run that does not exist passes: what is done with it says that it is not there.
-- Reads: run_requests, run_kinds, and as has_duty. Raises: 42501 the duty is missing.
create or replace function reimbursement.require_run_duty(p_run_id bigint, variadic p_others text[]) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_run record;
begin
    select r.legal_entity_id, k.duty into v_run
    from reimbursement.run_requests as r
    inner join reimbursement.run_kinds as k on k.kind = r.kind
    where r.run_id = p_run_id;
    if found then
        perform reimbursement.require_duty(v_run.legal_entity_id, variadic array[v_run.duty] || p_others);
    end if;
end
$$;

comment on function reimbursement.require_run_duty(bigint, text []) is
'Raises 42501 where whoever acts has neither the duty of a run''s kind in its legal entity, nor one of some others.';
