-- Takes away what lets anybody but the owner write to a table or a view, lock it, truncate it, refer to it or put a
-- trigger on it, draw from a sequence or set it back, and what lets him create objects in the schema; but for what
-- access_rules gives to all.
--
-- Whoever has TRIGGER on a table that the owner writes to can run a function of his own as the owner; an object of
-- somebody else's in the schema can stand in for one of ours. Returns: what was taken away.
create or replace function reimbursement.revoke_foreign_privileges() returns setof text
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_privilege record;
begin
    for v_privilege in
        select
            c.relname as object, null::name as column_name, a.privilege_type as privilege, a.grantee,
            c.relkind = 'S' as is_sequence
        from pg_catalog.pg_class as c
        cross join lateral pg_catalog.aclexplode(c.relacl) as a
        where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
            and a.grantee <> c.relowner and a.privilege_type <> 'SELECT'
        union all
        select c.relname, t.attname, a.privilege_type, a.grantee, false
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_attribute as t on t.attrelid = c.oid and t.attacl is not null and not t.attisdropped
        cross join lateral pg_catalog.aclexplode(t.attacl) as a
        where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
            and a.grantee <> c.relowner and a.privilege_type <> 'SELECT'
            and not exists (
                select from reimbursement.access_rules() as r
                where r.kind = 'table' and r.name = c.relname and a.grantee = 0 and not a.is_grantable
                    and (
                        a.privilege_type = 'INSERT' and t.attname = any (r.inserted)
                        or a.privilege_type = 'UPDATE' and t.attname = any (r.updated)
                    )
            )
        union all
        select null, null, a.privilege_type, a.grantee, false
        from pg_catalog.pg_namespace as n
        cross join lateral pg_catalog.aclexplode(n.nspacl) as a
        where n.nspname = 'reimbursement' and a.grantee <> n.nspowner and a.privilege_type = 'CREATE'
        order by 1 nulls first, 2 nulls first, 3, 4
    loop
        if v_privilege.object is null and v_privilege.grantee = 0 then
            revoke create on schema reimbursement from public cascade;
        elsif v_privilege.object is null then
            execute format('revoke create on schema reimbursement from %I cascade', pg_get_userbyid(v_privilege.grantee));
        elsif v_privilege.is_sequence and v_privilege.grantee = 0 then
            execute format('revoke usage, update on sequence reimbursement.%I from public cascade', v_privilege.object);
        elsif v_privilege.is_sequence then
            execute format('revoke usage, update on sequence reimbursement.%I from %I cascade', v_privilege.object,
                pg_get_userbyid(v_privilege.grantee));
        elsif v_privilege.column_name is null and v_privilege.privilege = 'MAINTAIN' and v_privilege.grantee = 0 then
            execute format('revoke maintain on reimbursement.%I from public cascade', v_privilege.object);
        elsif v_privilege.column_name is null and v_privilege.grantee = 0 then
            execute format('revoke insert, update, delete, truncate, references, trigger on reimbursement.%I from public cascade',
                v_privilege.object);
        elsif v_privilege.column_name is null and v_privilege.privilege = 'MAINTAIN' then
            execute format('revoke maintain on reimbursement.%I from %I cascade', v_privilege.object,
                pg_get_userbyid(v_privilege.grantee));
        elsif v_privilege.column_name is null then
            execute format('revoke insert, update, delete, truncate, references, trigger on reimbursement.%I from %I cascade',
                v_privilege.object, pg_get_userbyid(v_privilege.grantee));
        elsif v_privilege.grantee = 0 then
            execute format('revoke insert (%2$I), update (%2$I), references (%2$I) on reimbursement.%1$I from public cascade',
                v_privilege.object, v_privilege.column_name);
        else
            execute format('revoke insert (%2$I), update (%2$I), references (%2$I) on reimbursement.%1$I from %3$I cascade',
                v_privilege.object, v_privilege.column_name, pg_get_userbyid(v_privilege.grantee));
        end if;
        return next format('%s%s on %s from %s', v_privilege.privilege, ' (' || quote_ident(v_privilege.column_name) || ')',
            coalesce('reimbursement.' || quote_ident(v_privilege.object), 'schema reimbursement'),
            case v_privilege.grantee when 0 then 'public' else v_privilege.grantee::regrole::text end);
    end loop;
end
$$;

comment on function reimbursement.revoke_foreign_privileges() is
'Takes away what lets anybody but the owner write to tables or create objects in the schema; returns what that was.';
