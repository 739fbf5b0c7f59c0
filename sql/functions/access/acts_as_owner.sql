-- Whether whoever acts may do everything: the role that owns the schema, a member of it, or a superuser.
--
-- Membership counts whether or not it is inherited: a member can set the owner's role anyway.
-- Reads: pg_namespace, pg_auth_members.
create or replace function reimbursement.acts_as_owner() returns boolean
language plpgsql stable parallel restricted set search_path = pg_catalog, pg_temp
as $$
begin
    return pg_has_role(
        reimbursement.acting_role(),
        (select n.nspowner from pg_namespace as n where n.nspname = 'reimbursement'), 'MEMBER');
end
$$;

comment on function reimbursement.acts_as_owner() is
'Whether whoever acts is the role that owns the schema, a member of it, or a superuser: they may do everything.';
