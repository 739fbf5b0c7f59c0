-- Whether whoever acts has one of some duties in a legal entity; p_legal_entity_id null: in all of them.
--
-- A duty in all legal entities is one in each. It may be the acting role's own or come with a group that the role is a
-- member of, as privileges do: with INHERIT at once, with NOINHERIT while the group is set by SET ROLE. So a login that
-- only sets other people's roles has none of their duties itself. The owner has all of them.
-- Reads: duty_grants, pg_auth_members.
create or replace function reimbursement.has_duty(p_legal_entity_id text, variadic p_duties text[]) returns boolean
language plpgsql stable parallel restricted security definer set search_path = reimbursement, pg_temp
as $$
declare
    v_actor name;
    v_role name;
begin
    if reimbursement.acts_as_owner() then
        return true;
    end if;
    v_actor := reimbursement.acting_role();
    v_role := coalesce(nullif(current_setting('role'), 'none'), v_actor);
    return exists (
        select from reimbursement.duty_grants as g
        where (g.legal_entity_id is null or g.legal_entity_id = p_legal_entity_id)
            and g.duty = any (p_duties)
            and (pg_has_role(v_actor, g.role_id, 'USAGE') or pg_has_role(v_role, g.role_id, 'USAGE'))
    );
end
$$;

comment on function reimbursement.has_duty(text, text []) is
'Whether whoever acts has one of some duties in a legal entity (null: in all of them), himself or by a group.';
