-- Takes a duty from a role that was given in a legal entity; legal_entity_id null: the one in all of them.
--
-- Where there is no such grant, a warning says so: what the role has by another grant or by a group stays.
-- Only the schema's owner and its members. Returns nothing.
-- Writes: duty_grants. Raises: 42501, RB001, RB040, RB041, RB042 as check_duty.
create or replace function reimbursement.revoke_duty(role_name name, duty text, legal_entity_id text default null)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_role regrole;
begin
    v_role := reimbursement.check_duty(
        'revoke_duty', revoke_duty.role_name, revoke_duty.duty, revoke_duty.legal_entity_id);
    delete from reimbursement.duty_grants as g
    where g.role_id = v_role and g.duty = revoke_duty.duty
        and g.legal_entity_id is not distinct from revoke_duty.legal_entity_id;
    if not found then
        raise warning using
            message = format('role "%s" was not given the duty %s %s', revoke_duty.role_name, revoke_duty.duty,
                coalesce('in legal entity "' || revoke_duty.legal_entity_id || '"', 'in all legal entities')),
            hint = 'The view reimbursement.duties shows what was given, to whom and where.';
    end if;
end
$$;

comment on function reimbursement.revoke_duty(name, text, text) is
'Takes from a role a duty that it was given in a legal entity, or in all of them. Only the schema''s owner.';
