-- What a migration does with its files: it runs migrations, installs functions and views, and drops and grants again what
-- stands in their way. All of it is temporary, and is dropped by clean_up.sql.

-- Runs a migration unless it has been run.
create procedure pg_temp.apply_migration(p_version int, p_name text, p_content text)
language plpgsql as $procedure$
begin
    if not exists (select from reimbursement.migrations as m where m.version = p_version) then
        execute p_content;
        insert into reimbursement.migrations (version, name) values (p_version, p_name);
    end if;
end
$procedure$;

-- Whether an object is a function or a view that this migration, or an earlier one, installed.
create function pg_temp.is_ours(p_class oid, p_object oid) returns boolean
language sql as $function$
    with object as (
        select 'function' as kind, p.proname::text as name
        from pg_proc as p
        where p_class = 'pg_proc'::regclass and p.oid = p_object
            and p.pronamespace = to_regnamespace('reimbursement')
        union all
        select 'view', c.relname::text
        from pg_class as c
        where p_class = 'pg_class'::regclass and c.oid = p_object and c.relkind = 'v'
            and c.relnamespace = to_regnamespace('reimbursement')
    )
    select exists (
        select
        from object as o
        where exists (select from pg_temp.migration_files as f where f.kind = o.kind and f.name = o.name)
            or exists (select from reimbursement.installed_objects as i where i.kind = o.kind and i.name = o.name)
    )
$function$;

-- The functions and views that depend on an object, on its row type if it is a view, and other things that do.
create function pg_temp.dependents(p_class oid, p_object oid) returns table (class oid, object oid)
language sql as $function$
    select distinct
        case when d.classid = 'pg_rewrite'::regclass then 'pg_class'::regclass::oid else d.classid end,
        coalesce(r.ev_class, d.objid)
    from pg_depend as d
    left join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
    where d.deptype in ('n', 'a')
        and coalesce(r.ev_class, d.objid) <> p_object
        and (
            d.refclassid = p_class and d.refobjid = p_object
            or p_class = 'pg_class'::regclass and d.refclassid = 'pg_type'::regclass and d.refobjid in (
                select t.oid
                from pg_type as t
                where t.typrelid = p_object
                union all
                select t.typarray
                from pg_type as t
                where t.typrelid = p_object
            )
        )
$function$;

-- Remembers the owner of an object and the privileges on it.
create procedure pg_temp.keep_privileges(p_class oid, p_object oid)
language sql as $procedure$
    with object as (
        select 'function' as kind, p.proname::text as name, p.proowner as owner, null::text as column_name,
            p.proacl as acl, p.proacl is not null and not exists (
                select from aclexplode(p.proacl) as a where a.grantee = 0
            ) as is_public_revoked
        from pg_proc as p
        where p_class = 'pg_proc'::regclass and p.oid = p_object
        union all
        select 'view', c.relname::text, c.relowner, null, c.relacl, false
        from pg_class as c
        where p_class = 'pg_class'::regclass and c.oid = p_object
        union all
        select 'view', c.relname::text, c.relowner, t.attname::text, t.attacl, false
        from pg_class as c
        join pg_attribute as t on t.attrelid = c.oid and t.attacl is not null
        where p_class = 'pg_class'::regclass and c.oid = p_object
    )
    insert into pg_temp.kept_privileges
        (kind, name, owner, is_public_revoked, column_name, grantee, privilege, is_grantable)
    select o.kind, o.name, o.owner, o.is_public_revoked, o.column_name, a.grantee, a.privilege_type, a.is_grantable
    from object as o
    left join lateral aclexplode(o.acl) as a on a.grantee <> o.owner
$procedure$;

-- Drops an object of ours and, before it, those of ours that depend on it; their files are then installed again.
--
-- Nothing else is dropped along: an object of a user's that depends on it is an error that names it.
create procedure pg_temp.drop_object(p_class oid, p_object oid)
language plpgsql as $procedure$
declare
    v_dependent record;
    v_detail text;
    v_name text;
begin
    for v_dependent in
        select d.class, d.object from pg_temp.dependents(p_class, p_object) as d
    loop
        if pg_temp.is_ours(v_dependent.class, v_dependent.object) then
            call pg_temp.drop_object(v_dependent.class, v_dependent.object);
        end if;
    end loop;
    v_name := pg_describe_object(p_class, p_object, 0);
    if v_name is null then
        return;
    end if;
    call pg_temp.keep_privileges(p_class, p_object);
    if p_class = 'pg_proc'::regclass then
        update pg_temp.migration_files as f
        set is_installed = false
        from pg_proc as p
        where p.oid = p_object and f.kind = 'function' and f.name = p.proname;
        execute format('drop routine %s', p_object::regprocedure);
    else
        update pg_temp.migration_files as f
        set is_installed = false
        from pg_class as c
        where c.oid = p_object and f.kind = 'view' and f.name = c.relname;
        execute format('drop view %s', p_object::regclass);
    end if;
exception
    when dependent_objects_still_exist then
        get stacked diagnostics v_detail = pg_exception_detail;
        if v_detail not like '%depend%' then
            raise;
        end if;
        raise exception using errcode = 'dependent_objects_still_exist',
            message = format('%s has to be dropped, and other objects depend on it', v_name),
            detail = v_detail,
            hint = 'Drop those objects, migrate again, then create them anew. Nothing has been changed.';
end
$procedure$;

-- Drops what an earlier version installed and this one has not re-created: former signatures of its functions, and
-- functions and views that it has no file for. One that something depends on is left for later unless p_all is given.
create procedure pg_temp.drop_superseded(p_all boolean)
language plpgsql as $procedure$
declare
    v_object record;
begin
    for v_object in
        select 'pg_proc'::regclass::oid as class, p.oid as object
        from pg_proc as p
        join pg_temp.earlier_functions as e on e.oid = p.oid and e.version = p.xmin::text
        where exists (
                select
                from pg_temp.migration_files as f
                where f.kind = 'function' and f.name = p.proname and f.is_installed
            )
            or exists (select from reimbursement.installed_objects as i where i.kind = 'function' and i.name = p.proname)
            and not exists (select from pg_temp.migration_files as f where f.kind = 'function' and f.name = p.proname)
        union all
        select 'pg_class'::regclass::oid, c.oid
        from pg_class as c
        join reimbursement.installed_objects as i on i.kind = 'view' and i.name = c.relname
        where c.relnamespace = to_regnamespace('reimbursement') and c.relkind = 'v'
            and not exists (select from pg_temp.migration_files as f where f.kind = 'view' and f.name = c.relname)
    loop
        if p_all or not exists (select from pg_temp.dependents(v_object.class, v_object.object)) then
            call pg_temp.drop_object(v_object.class, v_object.object);
        end if;
    end loop;
end
$procedure$;

-- Runs a file, and if what it creates is there in another shape, drops that first.
create procedure pg_temp.run_file(p_path text)
language plpgsql as $procedure$
declare
    v_file pg_temp.migration_files;
    v_object record;
begin
    select f.* into strict v_file from pg_temp.migration_files as f where f.path = p_path;
    begin
        execute v_file.content;
    exception
        when invalid_function_definition or invalid_table_definition or wrong_object_type or ambiguous_function then
            if v_file.kind = 'view' and sqlstate = '42725' then
                call pg_temp.drop_superseded(true);
            end if;
            for v_object in
                select 'pg_proc'::regclass::oid as class, p.oid as object
                from pg_proc as p
                where v_file.kind = 'function' and p.proname = v_file.name
                    and p.pronamespace = to_regnamespace('reimbursement')
                union all
                select 'pg_class'::regclass::oid, c.oid
                from pg_class as c
                where v_file.kind = 'view' and sqlstate <> '42725' and c.relname = v_file.name and c.relkind = 'v'
                    and c.relnamespace = to_regnamespace('reimbursement')
            loop
                call pg_temp.drop_object(v_object.class, v_object.object);
            end loop;
            execute v_file.content;
    end;
    update pg_temp.migration_files as f set is_installed = true where f.path = p_path;
end
$procedure$;

-- Installs a file of functions or a view.
create procedure pg_temp.install_file(p_path text, p_content text)
language plpgsql as $procedure$
begin
    update pg_temp.migration_files as f set content = p_content where f.path = p_path;
    call pg_temp.run_file(p_path);
end
$procedure$;
