-- Checks what is given or taken by grant_duty and revoke_duty, and that it is the owner who does.
--
-- p_duty_function: the function that asks, for the error. Returns: the role.
-- Raises: 42501 not the owner; RB001 no such legal entity; RB040 no such role; RB041 no such duty; RB042 operator or
-- worker for one legal entity.
create or replace function reimbursement.check_duty(
    p_duty_function text, p_role_name name, p_duty text, p_legal_entity_id text
) returns regrole
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    c_duties constant text [] := array[
        'clerk', 'payer', 'approver', 'bank', 'master', 'auditor', 'operator', 'worker'
    ];
    v_role regrole;
begin
    if not reimbursement.acts_as_owner() then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied for function %s: role "%s" is no member of role "%s"', p_duty_function,
                reimbursement.acting_role(),
                (select n.nspowner::regrole from pg_catalog.pg_namespace as n where n.nspname = 'reimbursement')),
            hint = 'Only the role that owns the schema, and its members, give and take duties.';
    end if;
    select r.oid into v_role from pg_catalog.pg_roles as r where r.rolname = p_role_name;
    if not found then
        raise exception using errcode = 'RB040',
            message = format('role %s does not exist', coalesce('"' || p_role_name || '"', 'NULL')),
            hint = 'Create it with CREATE ROLE, or give the name of one that is there: \du lists them.';
    end if;
    if (p_duty = any (c_duties)) is not true then
        raise exception using errcode = 'RB041',
            message = format('%s is no duty', coalesce('"' || p_duty || '"', 'NULL')),
            hint = format('Give one of %s.', array_to_string(c_duties, ', '));
    end if;
    if p_legal_entity_id is not null then
        if p_duty in ('operator', 'worker') then
            raise exception using errcode = 'RB042',
                message = format('the duty %s is given for all legal entities only, and "%s" is one', p_duty, p_legal_entity_id),
                hint = 'Leave legal_entity_id out.';
        end if;
        perform from reimbursement.legal_entities as le where le.legal_entity_id = p_legal_entity_id;
        if not found then
            perform reimbursement.raise_unknown_legal_entity(p_legal_entity_id);
        end if;
    end if;
    return v_role;
end
$$;

comment on function reimbursement.check_duty(text, name, text, text) is
'Checks what is given or taken by grant_duty and revoke_duty, and that it is the owner who does.';
