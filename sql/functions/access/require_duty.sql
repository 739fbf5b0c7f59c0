-- Refuses whoever has none of some duties in a legal entity; p_legal_entity_id null: in all of them.
--
-- The first statement of every function that users call. Returns nothing.
-- Reads: as has_duty. Raises: 42501 the duty is missing.
create or replace function reimbursement.require_duty(p_legal_entity_id text, variadic p_duties text[]) returns void
language plpgsql stable parallel restricted set search_path = reimbursement, pg_temp
as $$
begin
    if reimbursement.has_duty(p_legal_entity_id, variadic p_duties) is not true then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied: role "%s" has not the duty %s %s', reimbursement.acting_role(),
                array_to_string(p_duties, ' or '),
                coalesce('in legal entity "' || p_legal_entity_id || '"', 'in all legal entities')),
            hint = 'Whoever owns the schema gives it with reimbursement.grant_duty(); the view reimbursement.duties shows what one has.';
    end if;
end
$$;

comment on function reimbursement.require_duty(text, text []) is
'Raises 42501, naming the duty, where whoever acts has none of some duties in a legal entity (null: in all of them).';
