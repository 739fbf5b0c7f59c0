-- Ends a migration: drops what is superseded, installs again what had to be dropped, and grants again what it had.

do $finish$
declare
    v_path text;
    v_kept record;
    v_object text;
begin
    call pg_temp.drop_superseded(true);
    loop
        select f.path into v_path
        from pg_temp.migration_files as f
        where not f.is_installed
        order by f.position
        limit 1;
        exit when not found;
        call pg_temp.run_file(v_path);
    end loop;

    for v_kept in
        select distinct k.kind, k.name, k.owner, k.is_public_revoked, k.column_name, k.privilege,
            k.is_grantable, a.rolname as owner_name,
            case when k.grantee = 0 then 'public' else quote_ident(g.rolname) end as grantee_name
        from pg_temp.kept_privileges as k
        join pg_roles as a on a.oid = k.owner
        left join pg_roles as g on g.oid = k.grantee
    loop
        for v_object in
            select format('routine %s', p.oid::regprocedure)
            from pg_proc as p
            where v_kept.kind = 'function' and p.proname = v_kept.name
                and p.pronamespace = to_regnamespace('reimbursement')
            union all
            select format('table %s', c.oid::regclass)
            from pg_class as c
            where v_kept.kind = 'view' and c.relname = v_kept.name and c.relkind = 'v'
                and c.relnamespace = to_regnamespace('reimbursement')
                and (
                    v_kept.column_name is null
                    or exists (
                        select
                        from pg_attribute as t
                        where t.attrelid = c.oid and t.attname = v_kept.column_name and not t.attisdropped
                    )
                )
        loop
            if v_kept.owner_name <> current_user then
                execute format('alter %s owner to %I', v_object, v_kept.owner_name);
            end if;
            if v_kept.is_public_revoked then
                execute format('revoke execute on %s from public', v_object);
            end if;
            if v_kept.grantee_name is not null then
                execute format('grant %s on %s to %s',
                    v_kept.privilege || coalesce(' (' || quote_ident(v_kept.column_name) || ')', ''), v_object,
                    v_kept.grantee_name || case when v_kept.is_grantable then ' with grant option' else '' end);
            end if;
        end loop;
    end loop;

    delete from reimbursement.installed_objects;
    insert into reimbursement.installed_objects (kind, name)
    select f.kind, f.name from pg_temp.migration_files as f;
end
$finish$;

drop procedure
    pg_temp.apply_migration(int, text, text),
    pg_temp.keep_privileges(oid, oid),
    pg_temp.drop_object(oid, oid),
    pg_temp.drop_superseded(boolean),
    pg_temp.run_file(text),
    pg_temp.install_file(text, text);
drop function
    pg_temp.is_ours(oid, oid),
    pg_temp.dependents(oid, oid);
