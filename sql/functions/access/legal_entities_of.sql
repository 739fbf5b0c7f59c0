-- The legal entities in which whoever acts has one of some duties: all of them for the owner.
--
-- What a row-level policy compares with, once a statement: legal_entity_id = any (array(select …)).
-- Reads: duty_grants, legal_entities, pg_auth_members.
create or replace function reimbursement.legal_entities_of(variadic p_duties text[]) returns setof text
language plpgsql stable parallel restricted security definer set search_path = reimbursement, pg_temp
as $$
declare
    v_actor name;
    v_role name;
begin
    if reimbursement.has_duty(null, variadic p_duties) then
        return query select le.legal_entity_id from reimbursement.legal_entities as le;
    else
        v_actor := reimbursement.acting_role();
        v_role := coalesce(nullif(current_setting('role'), 'none'), v_actor);
        return query
        select distinct g.legal_entity_id
        from reimbursement.duty_grants as g
        where g.legal_entity_id is not null and g.duty = any (p_duties)
            and (pg_has_role(v_actor, g.role_id, 'USAGE') or pg_has_role(v_role, g.role_id, 'USAGE'));
    end if;
end
$$;

comment on function reimbursement.legal_entities_of(text []) is
'The legal entities in which whoever acts has one of some duties; what row-level policies compare with.';
