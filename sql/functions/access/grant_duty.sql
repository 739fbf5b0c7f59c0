-- Gives a role, a person's or a group's, a duty in a legal entity; legal_entity_id null: in all of them.
--
-- Given already, it stays as it was given. Only the schema's owner and its members. Returns nothing.
-- Writes: duty_grants; what was given to roles that are gone is removed.
-- Raises: 42501, RB001, RB040, RB041, RB042 as check_duty.
create or replace function reimbursement.grant_duty(role_name name, duty text, legal_entity_id text default null)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_role regrole;
begin
    v_role := reimbursement.check_duty(
        'grant_duty', grant_duty.role_name, grant_duty.duty, grant_duty.legal_entity_id);
    delete from reimbursement.duty_grants as g
    where not exists (select from pg_catalog.pg_roles as r where r.oid = g.role_id);
    insert into reimbursement.duty_grants (legal_entity_id, duty, role_id)
    values (grant_duty.legal_entity_id, grant_duty.duty, v_role)
    on conflict do nothing;
end
$$;

comment on function reimbursement.grant_duty(name, text, text) is
'Gives a role a duty in a legal entity, or in all of them. Only the schema''s owner.';
