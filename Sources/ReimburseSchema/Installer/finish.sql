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

    delete from reimbursement.installed_objects as i
    where not exists (select from pg_temp.migration_files as f where f.kind = i.kind and f.name = i.name);
    insert into reimbursement.installed_objects (kind, name)
    select f.kind, f.name from pg_temp.migration_files as f
    on conflict do nothing;
    update reimbursement.installed_objects as i
    set settings = coalesce(
        (
            select array_agg(split_part(s.setting, '=', 1))
            from (
                select unnest(p.proconfig) as setting
                from pg_proc as p
                where i.kind = 'function' and p.proname = i.name and p.pronamespace = to_regnamespace('reimbursement')
                union all
                select unnest(c.reloptions)
                from pg_class as c
                where i.kind = 'view' and c.relname = i.name and c.relnamespace = to_regnamespace('reimbursement')
            ) as s
        ), '{}');
    for v_kept in
        select k.*
        from pg_temp.kept_settings as k
        inner join reimbursement.installed_objects as i
            on i.kind = k.kind and i.name = k.name and k.setting_name <> all (i.settings)
    loop
        for v_object in
            select format('function %s set %I to %L', p.oid::regprocedure, v_kept.setting_name,
                substr(v_kept.setting, length(v_kept.setting_name) + 2))
            from pg_proc as p
            where v_kept.kind = 'function' and p.proname = v_kept.name
                and p.pronamespace = to_regnamespace('reimbursement')
            union all
            select format('view %s set (%I = %L)', c.oid::regclass, v_kept.setting_name,
                substr(v_kept.setting, length(v_kept.setting_name) + 2))
            from pg_class as c
            where v_kept.kind = 'view' and c.relname = v_kept.name and c.relnamespace = to_regnamespace('reimbursement')
        loop
            execute format('alter %s', v_object);
        end loop;
    end loop;

    if to_regprocedure('reimbursement.make_job_partitions(bigint)') is not null then
        perform reimbursement.make_job_partitions();
    end if;
    if to_regprocedure('reimbursement.apply_access()') is not null then
        select string_agg(a, e'\n' order by a) into v_object from reimbursement.apply_access() as a;
        if v_object is not null then
            raise warning using
                message = 'privileges were taken away that let others write to the books past the functions',
                detail = v_object,
                hint = 'What a role may do it is given with reimbursement.grant_duty().';
        end if;
    end if;
end
$finish$;
