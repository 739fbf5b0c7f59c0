-- Takes away what lets anybody but the owner write to a table or a view, lock it, truncate it, refer to it or put a
-- trigger on it, and what lets him create objects in the schema; but for what access_rules gives to all.
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
            format('reimbursement.%I', c.relname) as object, null::text as column_name, a.privilege_type as privilege,
            case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee
        from pg_catalog.pg_class as c
        cross join lateral pg_catalog.aclexplode(c.relacl) as a
        where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
            and a.grantee <> c.relowner and a.privilege_type <> 'SELECT'
        union all
        select
            format('reimbursement.%I', c.relname), quote_ident(t.attname), a.privilege_type,
            case a.grantee when 0 then 'public' else a.grantee::regrole::text end
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
        select
            'schema reimbursement', null, a.privilege_type,
            case a.grantee when 0 then 'public' else a.grantee::regrole::text end
        from pg_catalog.pg_namespace as n
        cross join lateral pg_catalog.aclexplode(n.nspacl) as a
        where n.nspname = 'reimbursement' and a.grantee <> n.nspowner and a.privilege_type = 'CREATE'
        order by 1, 2 nulls first, 3, 4
    loop
        execute format('revoke %s on %s from %s cascade',
            v_privilege.privilege || coalesce(' (' || v_privilege.column_name || ')', ''), v_privilege.object,
            v_privilege.grantee);
        return next format('%s on %s from %s',
            v_privilege.privilege || coalesce(' (' || v_privilege.column_name || ')', ''), v_privilege.object,
            v_privilege.grantee);
    end loop;
end
$$;

comment on function reimbursement.revoke_foreign_privileges() is
'Takes away what lets anybody but the owner write to tables or create objects in the schema; returns what that was.';
