-- What is wrong with the schema "reimbursement", one row a problem. Run by Tests/lint/schema, which sets :files, the
-- names of the files in sql/rules and sql/functions. Everything is rolled back.

begin;
set local client_min_messages = warning;
create extension plpgsql_check schema public;

create temporary table problems (object text, problem text) on commit drop;
create temporary table our_functions on commit drop as
select
    p.oid,
    p.proname,
    p.oid::regprocedure::text as signature,
    l.lanname as language,
    p.prorettype = 'trigger'::regtype as is_trigger,
    p.prosecdef,
    p.proconfig
from pg_proc as p
inner join pg_language as l on p.prolang = l.oid
where
    p.pronamespace = 'reimbursement'::regnamespace
    and not exists (
        select from pg_depend as d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
    );

-- The work tables are temporary, and the steps over them can be checked only where they exist: one of every type that is
-- a row of one.
select format('select reimbursement.open_work_tables(%L)', t.typname || 's')
from pg_type as t
where
    t.typnamespace = 'reimbursement'::regnamespace
    and t.typtype = 'c' and obj_description(t.oid, 'pg_type') like 'Work table:%'
\o /dev/null
\gexec
\o

-- PL/pgSQL: plpgsql_check reads every statement against the schema. A trigger function is checked on each table it serves.
insert into problems (object, problem)
select
    f.signature,
    concat_ws(
        ' ', c.level, 'line ' || c.lineno, '(' || c.statement || '):', c.message, c.detail, c.hint, '[' || c.sqlstate || ']'
    )
from our_functions as f
left join (select distinct tgfoid, tgrelid, tgnewtable from pg_trigger) as t on f.is_trigger and f.oid = t.tgfoid
cross join lateral plpgsql_check_function_tb(
    f.oid, coalesce(t.tgrelid, 0), newtable => t.tgnewtable,
    fatal_errors => false, other_warnings => true, extra_warnings => true,
    performance_warnings => false, security_warnings => true, compatibility_warnings => true
) as c
where
    f.language = 'plpgsql'
    and (not f.is_trigger or t.tgrelid is not null)
    -- It cannot look into dynamic SQL, and says so of each.
    and c.message <> 'cannot determinate a result of dynamic SQL'
    -- Newer ones compare what a function is marked as with all that it calls. format() is marked as stable, as it takes
    -- values of any type; of texts and whole numbers it makes the same everywhere. What is asked of the server's clock,
    -- locks and files is marked as volatile, and asked once a statement, whose snapshot the rest has to share.
    and not (c.message like 'routine is marked as IMMUTABLE, but expression is STABLE%'
        and f.proname in ('batch_fractions', 'parse_account_filter', 'parse_cron'))
    and not (c.message like 'routine is marked as STABLE, but expression is VOLATILE%'
        and f.proname in ('check_run', 'find_blocked_jobs', 'is_out_of_sight'));

insert into problems (object, problem)
select
    f.signature,
    'is a trigger function, and no trigger calls it'
from our_functions as f
where f.is_trigger and not exists (select from pg_trigger as t where t.tgfoid = f.oid);

-- SQL: creating a function anew checks its body; migrate leaves that out, as functions may name each other.
do $$
declare
    v_function record;
begin
    set local check_function_bodies = on;
    for v_function in select f.oid, f.signature from our_functions as f where f.language = 'sql' loop
        begin
            execute pg_get_functiondef(v_function.oid);
        exception when others then
            insert into problems (object, problem) values (v_function.signature, sqlerrm || ' [' || sqlstate || ']');
        end;
    end loop;
end
$$;

-- What a kind of plan costs that was taken away makes PostgreSQL compile it, which takes longer than all else.
insert into problems (object, problem)
select f.signature, 'takes a kind of plan away, and leaves jit on'
from our_functions as f
inner join pg_proc as p on p.oid = f.oid
where 'enable_seqscan=off' = any(p.proconfig) and not 'jit=off' = any(p.proconfig);

-- An unsafe search_path lets a caller's objects stand in for ours.
insert into problems (object, problem)
select
    f.signature,
    'sets no search_path that ends in pg_temp'
from our_functions as f
where
    (f.language = 'plpgsql' or f.prosecdef)
    -- Called for every amount, or job, of every row, they name nothing that is looked up.
    and f.proname not in ('minor_unit', 'minor_unit_of_row', 'is_job_move', 'is_out_of_sight')
    and not exists (
        select from unnest(f.proconfig) as c (setting)
        where c.setting ~ '^search_path=(.*, *)?"?pg_temp"?$'
    );

-- psql's \df+ and \d+ explain the schema.
insert into problems (object, problem)
select
    f.signature,
    'has no comment'
from our_functions as f
where obj_description(f.oid, 'pg_proc') is null
union all
select
    c.oid::regclass::text,
    'has no comment'
from pg_class as c
where
    c.relnamespace = 'reimbursement'::regnamespace
    and c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
    and obj_description(c.oid, 'pg_class') is null;

-- A function is found by the name of its file.
insert into problems (object, problem)
select
    coalesce(f.signature, n.name),
    case when n.name is null then 'is in no file of its name' else 'is the name of a file, and of no function' end
from our_functions as f
full join unnest(:'files'::text []) as n (name) on f.proname = n.name
where f.proname is null or n.name is null;

select
    p.object,
    p.problem
from problems as p
order by p.object, p.problem;

rollback;
