-- Begins a migration: as the schema's owner, one at a time, with the tables that it works with.
--
-- What is temporary here lasts as long as the migration's transaction, or is dropped by clean_up.sql.

set local search_path = pg_catalog;
set local standard_conforming_strings = on;

-- The schema belongs to the role of the setting reimburse.owner, where that is given, else to whom it belongs, else to
-- whoever migrates. Nobody else's objects are ever looked up: every name from here on is of pg_catalog or has its schema.
do $prepare$
declare
    v_owner constant name := nullif(current_setting('reimburse.owner', true), '');
    v_object record;
    v_found name;
    v_lock_timeout constant text := current_setting('lock_timeout');
begin
    if current_setting('server_version_num')::int < 150000 then
        raise exception using errcode = 'feature_not_supported',
            message = format('PostgreSQL 15 or later is needed, and this is %s', current_setting('server_version'));
    end if;
    if getdatabaseencoding() <> 'UTF8' then
        raise exception using errcode = 'feature_not_supported',
            message = format('the encoding of the database "%s" is %s, and UTF8 is needed', current_database(),
                getdatabaseencoding()),
            detail = 'Names and bank files hold characters that other encodings lack.',
            hint = 'Make a database with: createdb --template template0 --encoding UTF8. Nothing has been changed.';
    end if;
    begin
        execute 'select upper(''ß'' collate pg_catalog."und-x-icu")';
    exception
        when undefined_object or feature_not_supported then
            raise exception using errcode = 'feature_not_supported',
                message = format('the database "%s" has no ICU collation "und-x-icu", by which accounts are folded',
                    current_database()),
                detail = sqlerrm,
                hint = 'Use a PostgreSQL that is built with ICU, as packages are. If it is, and its collations were '
                    'dropped, a superuser brings them back with: select pg_import_system_collations(''pg_catalog''). '
                    'Nothing has been changed.';
    end;
    -- Others queue behind whoever waits for a lock on a table, so that this is not for long. For another migration it may.
    if coalesce(current_setting('reimburse.lock_timeout', true), '') = '' then
        perform set_config('reimburse.lock_timeout', case v_lock_timeout when '0' then '5s' else v_lock_timeout end, true);
    end if;
    if v_lock_timeout = '0' then
        set local lock_timeout = '5min';
    end if;
    if to_regnamespace('reimbursement') is null then
        begin
            execute format('create schema reimbursement authorization %I', coalesce(v_owner, current_user));
        exception
            when duplicate_schema or unique_violation then
                null; -- Another migration was first, and has ended.
        end;
    end if;
    if not exists (select from pg_extension where extname = 'btree_gist') then
        begin
            create extension btree_gist schema reimbursement;
        exception
            when duplicate_object or unique_violation then
                null;
        end;
    end if;
    perform set_config('lock_timeout', current_setting('reimburse.lock_timeout'), true);
    -- A new owner is given everything in the schema.
    for v_object in
        select format('schema reimbursement') as name
        from pg_namespace as n
        where n.nspname = 'reimbursement' and n.nspowner <> quote_ident(v_owner)::regrole
        union all
        select format('%s %s', case c.relkind when 'v' then 'view' else 'table' end, c.oid::regclass)
        from pg_class as c
        where c.relnamespace = to_regnamespace('reimbursement') and c.relkind in ('r', 'p', 'v')
            and c.relowner <> quote_ident(v_owner)::regrole
        union all
        select format('routine %s', p.oid::regprocedure)
        from pg_proc as p
        where p.pronamespace = to_regnamespace('reimbursement') and p.proowner <> quote_ident(v_owner)::regrole
            and not exists (
                select from pg_depend as d
                where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
            )
        union all
        select format('type %s', t.oid::regtype)
        from pg_type as t
        where t.typnamespace = to_regnamespace('reimbursement') and t.typowner <> quote_ident(v_owner)::regrole
            and (t.typtype = 'r' or exists (select from pg_class as c where c.oid = t.typrelid and c.relkind = 'c'))
    loop
        execute format('alter %s owner to %I', v_object.name, v_owner);
    end loop;
    perform set_config('lock_timeout', case v_lock_timeout when '0' then '5min' else v_lock_timeout end, true);
    select pg_get_userbyid(n.nspowner) into v_found from pg_namespace as n where n.nspname = 'reimbursement';
    if v_found <> current_user and not pg_has_role(current_user, v_found, 'MEMBER') then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied: the schema reimbursement belongs to role "%s", and role "%s" is no member of it',
                v_found, current_user),
            hint = 'Migrate as a member of that role, or as a superuser.';
    elsif v_found <> current_user then
        perform set_config('role', v_found, true);
    end if;
end
$prepare$;

set local client_min_messages = warning;
set local check_function_bodies = off;

create table if not exists reimbursement.migrations (
    version int primary key,
    name text not null,
    applied_at timestamptz not null default now()
);

-- One migration at a time. Nobody but the owner can have this lock.
do $lock$
declare
    v_others text;
begin
    lock table reimbursement.migrations in share row exclusive mode nowait;
exception
    when lock_not_available then
        select string_agg(format('process %s of %s', l.pid, coalesce(a.usename, 'another role')), ', ') into v_others
        from pg_locks as l
        left join pg_stat_activity as a on a.pid = l.pid
        where l.relation = 'reimbursement.migrations'::regclass and l.granted
            and l.database = (select d.oid from pg_database as d where d.datname = current_database());
        raise warning 'waiting for another migration to end: %', v_others;
        lock table reimbursement.migrations in share row exclusive mode;
end
$lock$;

select set_config('lock_timeout', current_setting('reimburse.lock_timeout'), true);

comment on table reimbursement.migrations is 'The migrations that made the tables, in order; the last is the version.';

create table if not exists reimbursement.installed_objects (
    kind text not null check (kind in ('function', 'view')),
    name text not null,
    primary key (kind, name)
);
alter table reimbursement.installed_objects
add column if not exists settings text [],
add column if not exists is_public boolean;

-- Before it was written down, everybody could call what was installed, unless an administrator took that away.
update reimbursement.installed_objects as i
set is_public = true
where i.kind = 'function' and i.settings is null and i.is_public is null;

comment on table reimbursement.installed_objects is
'The functions and views that reimburse migrate installed, so that it can remove what a later version no longer has.';
comment on column reimbursement.installed_objects.settings is
'The settings and options that its file gives it; others that it has are an administrator''s, and stay.';
comment on column reimbursement.installed_objects.is_public is
'Whether everybody was let call it; where nobody else is any more, an administrator took that away, and it stays so.';

-- The settings of functions and options of views that an administrator gave them. Before this was written down, the
-- files gave search_path and some of the planner's settings.
create temporary table kept_settings on commit drop as
select o.kind, o.name, s.setting, split_part(s.setting, '=', 1) as setting_name
from (
    select 'function' as kind, p.proname::text as name, p.proconfig as settings
    from pg_proc as p
    where p.pronamespace = to_regnamespace('reimbursement')
    union all
    select 'view', c.relname::text, c.reloptions
    from pg_class as c
    where c.relnamespace = to_regnamespace('reimbursement') and c.relkind = 'v'
) as o
inner join reimbursement.installed_objects as i on i.kind = o.kind and i.name = o.name
cross join unnest(o.settings) as s (setting)
where split_part(s.setting, '=', 1) <> all (coalesce(i.settings, '{
        search_path, enable_seqscan, enable_bitmapscan, enable_hashjoin, enable_mergejoin, enable_sort,
        cpu_operator_cost, jit, plan_cache_mode
    }'));

-- The files of this migration: what is re-created, and whether it has been.
create temporary table migration_files (
    position int primary key,
    path text not null unique,
    kind text not null,
    name text not null,
    content text,
    is_installed boolean not null default false,
    unique (kind, name)
) on commit drop;

-- The functions that were there before: one whose row is still the same has not been re-created.
create temporary table earlier_functions on commit drop as
select p.oid, p.xmin::text as version
from pg_proc as p
where p.pronamespace = to_regnamespace('reimbursement');

-- Who owned and who could use what was dropped. grantee and privilege are null in the row of the object itself.
create temporary table kept_privileges (
    kind text not null,
    name text not null,
    owner oid not null,
    is_public_revoked boolean not null,
    column_name text,
    grantee oid,
    privilege text,
    is_grantable boolean
) on commit drop;
