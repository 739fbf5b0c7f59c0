-- Whether a role carries jobs out: it has the duty worker, itself or by a group, or is a member of the schema's owner.
--
-- The names of sessions tell which job each carries out, and anybody may choose his: only those of such roles count.
-- Reads: duty_grants, pg_auth_members.
create or replace function reimbursement.may_work(p_role oid) returns boolean
language plpgsql stable parallel restricted security definer set search_path = reimbursement, pg_temp
as $$
begin
    return pg_has_role(
            p_role, (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'reimbursement'), 'MEMBER')
        or exists (
            select from reimbursement.duty_grants as g
            where g.duty = 'worker' and pg_has_role(p_role, g.role_id, 'USAGE')
        );
end
$$;

comment on function reimbursement.may_work(oid) is 'Whether a role has the duty worker, or is a member of the schema''s owner.';
