-- Everything in the schema has a decision about who may reach it: the catalog says so, whatever is added later.
select plan(17);

create temporary view our_functions as
select p.*, r.access, p.oid::regprocedure::text as signature
from pg_proc as p
inner join reimbursement.installed_objects as i on i.kind = 'function' and i.name = p.proname
left join reimbursement.access_rules() as r on r.kind = 'function' and r.name = p.proname
where p.pronamespace = 'reimbursement'::regnamespace;

create temporary view our_relations as
select
    c.*, r.access, r.inserted, r.updated, r.name is not null as is_named, e.attname is not null as has_entity
from pg_class as c
left join pg_attribute as e on c.oid = e.attrelid and e.attname = 'legal_entity_id' and not e.attisdropped
left join reimbursement.access_rules() as r
    on r.kind = case c.relkind when 'v' then 'view' else 'table' end and r.name = c.relname
where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition;

select cmp_ok((select count(*) from our_functions), '>', 150::bigint, 'the functions are found');
select cmp_ok((select count(*) from our_relations), '>', 40::bigint, 'and the tables and views');
select is_empty('select relname from our_relations where not is_named', 'no table or view is without a decision');
select is_empty(
    $$ select r.name from reimbursement.access_rules() as r
        where r.kind <> 'table' and not exists (select from our_functions as f where f.proname = r.name)
            and not exists (select from our_relations as c where c.relname = r.name) $$,
    'no decision is about a function or a view that is not there'
);
select is_empty(
    $$ select f.signature from our_functions as f where f.access is null and has_function_privilege('public', f.oid, 'execute') $$,
    'a function without a decision is internal: not everybody may call it'
);
select is_empty(
    $$ select f.signature from our_functions as f
        where f.access is not null and not has_function_privilege('public', f.oid, 'execute') $$,
    'a function that users call can be called'
);
select is_empty(
    $$ select f.signature from our_functions as f
        where f.access = 'users' and not (
            f.prosecdef and f.proconfig @> '{"search_path=reimbursement, pg_temp", standard_conforming_strings=on}'
        ) $$,
    'it runs as the owner, with a search path and a way of reading strings of its own'
);
select is_empty(
    $$ select f.signature from our_functions as f
        where f.access = 'users'
            and f.prosrc !~ '\nbegin\n    perform reimbursement\.require_(run_|some_)?duty\('
            and f.proname not in ('grant_duty', 'revoke_duty') $$,
    'and asks for the duty before anything else'
);
select is_empty(
    $$ select f.signature from our_functions as f where f.prosecdef and not f.proconfig @> '{"search_path=reimbursement, pg_temp"}' $$,
    'nothing runs as the owner with the search path of its caller'
);
select is_empty(
    $$ select f.signature from our_functions as f
        where f.prosecdef and f.access is null and f.prorettype <> 'trigger'::regtype $$,
    'no internal function runs as the owner but those of triggers'
);
select is_empty(
    $$ select c.relname from our_relations as c where c.relkind in ('r', 'p') and c.has_entity and not c.relrowsecurity $$,
    'a table with a legal entity has row-level security'
);
select is_empty(
    $$ select c.relname from our_relations as c
        where c.relkind in ('r', 'p') and c.has_entity and c.access not in ('owner', 'everybody')
            and not exists (select from pg_policy as p where p.polrelid = c.oid and p.polcmd = 'r') $$,
    'and a policy for those who read it, unless it is the owner''s'
);
select is_empty(
    $$ select c.relname from our_relations as c
        where c.relkind = 'v' and not coalesce(c.reloptions, '{}') && '{security_invoker=true}'
            and not coalesce(c.reloptions, '{}') @> '{security_barrier=true,security_invoker=false}' $$,
    'a view shows what its caller may see, or is a barrier and filters for itself'
);
select is_empty(
    $$ select c.relname || ' ' || a.privilege_type
        from our_relations as c, aclexplode(c.relacl) as a
        where a.grantee <> c.relowner and a.privilege_type <> 'SELECT' $$,
    'nobody but the owner may write to a whole table or view, lock it, or put a trigger on it'
);
select is_empty(
    $$ select c.relname || '.' || t.attname || ' ' || a.privilege_type
        from our_relations as c
        inner join pg_attribute as t on t.attrelid = c.oid
        cross join aclexplode(t.attacl) as a
        where a.grantee <> c.relowner and not (
            a.privilege_type = 'INSERT' and t.attname = any (c.inserted)
            or a.privilege_type = 'UPDATE' and t.attname = any (c.updated)
        ) $$,
    'nor to a column that masters do not fill'
);
select is_empty(
    $$ select c.relname || '.' || t.attname
        from our_relations as c
        inner join pg_attribute as t on t.attrelid = c.oid
        where c.relkind = 'r' and (t.attname = any (c.inserted) and not has_column_privilege('public', c.oid, t.attnum, 'insert')
            or t.attname = any (c.updated) and not has_column_privilege('public', c.oid, t.attnum, 'update')) $$,
    'what masters fill they may fill, behind a policy'
);

select is_empty(
    $$ select c.oid::regclass
        from pg_class as c
        inner join pg_inherits as i on i.inhrelid = c.oid
        where c.relnamespace = 'reimbursement'::regnamespace and c.relkind = 'r' and c.relispartition
            and not (c.relrowsecurity and not exists (select from pg_policy as p where p.polrelid = c.oid)
                and not exists (select from aclexplode(c.relacl) as a where a.grantee <> c.relowner)) $$,
    'a partition is closed to everybody but the owner'
);

select * from finish();
