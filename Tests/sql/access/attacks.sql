-- What somebody with a little may try in order to have more: each of these attacks is made, and fails.
select plan(40);

create role attack_clerk login;
create role attack_master login;
create role attack_worker login;
select test.company(), test.bank_account();
select test.credit('ANN', 10), test.credit('BOB', 20), test.debit('BOB', 5);
select
    reimbursement.grant_duty('attack_clerk', 'clerk'), reimbursement.grant_duty('attack_master', 'master'),
    reimbursement.grant_duty('attack_worker', 'worker');
create schema attack authorization attack_clerk;
grant create, usage on schema attack to attack_master, attack_worker;
create table public.loot (what text);
grant all on public.loot to public;

-- Settles, as the clerk, after something that he does first: the way into the work tables.
create function pg_temp.settle_after(preparation text) returns text
language plpgsql
as $$
declare
    v_outcome text;
begin
    v_outcome := test.as_role('attack_clerk', preparation || format(
        '; select reimbursement.settle_transactions(''US01'', %s, %s, 1, ''2025-06-30'')',
        (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = 5),
        (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = -20)));
    raise exception using errcode = 'RBATK', message = v_outcome;
exception
    when sqlstate 'RBATK' then
        return sqlerrm;
end
$$;
create function attack.take() returns trigger
language plpgsql
as $$
begin
    insert into public.loot values (current_user);
    update reimbursement.customers set iban = 'GB29NWBK60161331926819';
    return new;
end
$$;
alter function attack.take owner to attack_clerk;
select alike(pg_temp.settle_after('select 1'), '_', 'a clerk settles');
select alike(
    pg_temp.settle_after('create temporary table selected_transactions of reimbursement.selected_transaction;
        create trigger take before insert on selected_transactions for each row execute function attack.take()'),
    'RB031%', 'a work table that he made before, with a trigger of his own on it, is refused'
);
select alike(pg_temp.settle_after('create temporary table selected_transactions of reimbursement.selected_transaction'),
    'RB031%', 'also without one: he could add it later');
select alike(pg_temp.settle_after('create temporary table nettings (legal_entity_id text)'), 'RB031%', 'or of other columns');
select alike(
    pg_temp.settle_after('create temporary table mine of reimbursement.netting;
        create temporary view nettings as select * from mine'), 'RB031%', 'a view in its place is refused'
);
select alike(
    pg_temp.settle_after('create temporary table mine of reimbursement.netting;
        create temporary view nettings as select * from mine;
        create rule take as on insert to nettings do instead insert into public.loot values (current_user)'),
    'RB031%', 'and one with a rule'
);
select alike(
    pg_temp.settle_after('create temporary table mine (legal_entity_id text collate "C");
        create temporary table nettings () inherits (mine)'), 'RB031%', 'and one that inherits'
);
select alike(
    pg_temp.settle_after('create temporary sequence nettings'), 'RB031%', 'and a sequence'
);
select alike(pg_temp.settle_after('create type pg_temp.nettings as enum (''a'')'), '42710%',
    'a type of the name harms himself alone');
-- Once the owner's work tables are there, he finds no way to them.
select set_config('test.settled', test.as_role('attack_clerk', format(
    'select reimbursement.settle_transactions(''US01'', %s, %s, 1, ''2025-06-30'')',
    (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = 5),
    (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = -20))), false);
select is((select quote_ident(session_user)::regrole::oid), (select c.relowner from pg_class as c
    where c.oid = 'pg_temp.nettings'::regclass), 'the work tables are the owner''s');
select alike(test.as_role('attack_clerk', 'insert into pg_temp.nettings (legal_entity_id) values (''US01'') returning 1'),
    '42501%', 'he does not write to one');
select alike(test.as_role('attack_clerk', 'select count(*) from pg_temp.nettings'), '42501%', 'or read it');
select alike(
    test.as_role('attack_clerk', 'create trigger take before insert on pg_temp.nettings
        for each row execute function attack.take()'), '42501%', 'or put a trigger on it'
);
select alike(test.as_role('attack_clerk', 'create rule take as on insert to pg_temp.nettings do nothing'), '42501%', 'or a rule');
select alike(test.as_role('attack_clerk', 'create temporary table child () inherits (pg_temp.nettings)'), '42501%',
    'or a child');
select alike(test.as_role('attack_clerk', 'drop table pg_temp.nettings'), '42501%', 'or drop it');

-- A grant on it to somebody else makes it nobody's, default privileges of the owner are taken from a new one.
grant insert on pg_temp.nettings to attack_clerk;
select alike(pg_temp.settle_after('select 1'), 'RB031%', 'a work table to which somebody else may write is refused');
drop table pg_temp.nettings;
alter default privileges grant all on tables to public;
select alike(pg_temp.settle_after('select 1'), '_', 'default privileges of the owner do not stop a transfer');
select is(test.as_role('attack_clerk', format(
    'select reimbursement.settle_transactions(''US01'', %s, %s, 1, ''2025-06-30''); select count(*) from pg_temp.nettings',
    (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = 5),
    (select t.customer_transaction_id from reimbursement.customer_transactions as t where t.amount = -20))),
    '42501 permission denied for table nettings', 'nor do they open its tables');
alter default privileges revoke all on tables from public;

-- Names.
select alike(
    test.as_role('attack_clerk', $$
        create function attack.round(numeric, integer) returns numeric
        language plpgsql as 'begin insert into public.loot values (current_user); return $1; end';
        create function attack.taken(text, text) returns boolean
        language plpgsql as 'begin insert into public.loot values (current_user); return true; end';
        create operator attack.= (leftarg = text, rightarg = text, function = attack.taken);
        set local search_path = attack, pg_catalog;
        select count(*) from reimbursement.preview_reimbursement('US01', '2025-06-30') $$),
    '2', 'functions and operators of the caller''s are not found by what runs as the owner'
);
select is_empty('select * from public.loot', 'none has run');
grant execute on all functions in schema attack to public;
select alike(
    test.as_role('attack_master', $$
        set local search_path = attack, pg_catalog;
        insert into reimbursement.customer_transactions (legal_entity_id, customer_account, transaction_type, voucher,
            transaction_date, currency, amount) values ('US01', 'ANN', 'payment', 'P', '2025-01-01', 'USD', -5.001)
        returning amount $$),
    '23514%customer_transactions_amount_is_money%', 'nor by what checks an amount for a master'
);
select alike(
    test.as_role('attack_master', $$
        create function attack.matches(text, text) returns boolean language sql as 'select true';
        create operator attack.~ (leftarg = text, rightarg = text, function = attack.matches);
        set local search_path = attack, pg_catalog;
        update reimbursement.customers set bic = 'no bic' returning bic $$),
    'RB022%', 'or a BIC'
);
select alike(
    test.as_role('attack_clerk', 'create function reimbursement.fold_account(varchar) returns text language sql as $f$ select $1 $f$'),
    '42501 permission denied for schema reimbursement', 'nobody creates anything in the schema'
);
select alike(test.as_role('attack_clerk', 'create table attack.mine (legal_entity_id text);
    create trigger take after insert on attack.mine for each row
    execute function reimbursement.add_empty_dimension_set()'), '42501 permission denied for function%',
    'a trigger function of ours serves no table of his');

-- How strings are read.
select is(
    test.as_role('attack_clerk', $$
        set local standard_conforming_strings = off; set local escape_string_warning = off;
        select count(*) from reimbursement.preview_reimbursement('US01', '2025-06-30', customer_filter => 'A*') $$),
    '1', 'a filter means the same however the session reads strings'
);

-- Locks.
select alike(test.as_role('attack_clerk', 'lock table reimbursement.customers in row share mode'), '42501%',
    'a clerk locks no table');
select alike(test.as_role('attack_master', 'lock table reimbursement.customers in share row exclusive mode'), '42501%',
    'nor does a master');
select alike(test.as_role('attack_worker', 'lock table reimbursement.queue_gates in access share mode'), '42501%',
    'what claims lock is the owner''s');
select alike(test.as_role('attack_clerk', 'select name from reimbursement.legal_entities for update'), 'done',
    'rows are locked by those alone who may change them');
select is((select count(*) from pg_proc as p where p.pronamespace = 'reimbursement'::regnamespace and p.prosrc ~ 'advisory'),
    0::bigint, 'no lock is one that everybody can take');

-- Triggers.
grant all on reimbursement.customer_transactions to attack_clerk;
select alike(
    test.as_role('attack_clerk', 'create trigger take before update on reimbursement.customer_transactions
        for each row execute function attack.take(); select 1'), '1', 'GRANT ALL lets a clerk put a trigger on a table'
);
select alike(pg_temp.settle_after('select 1'), 'RB043 trigger "take" on reimbursement.customer_transactions calls attack.take()%',
    'then nothing is settled, and the error names it');
select test.as_role('attack_clerk', $$ select reimbursement.enqueue_reimbursement('US01', '2025-06-30') $$);
create temporary table claimed as select * from reimbursement.claim_jobs('me', 1);
select throws_like(
    'select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from pg_temp.claimed as c',
    'trigger "take" on %which belongs to role attack_clerk', 'nor is a job carried out'
);
select is_empty('select * from public.loot', 'nothing of it has run');
select bag_eq(
    'select reimbursement.apply_access()',
    $$ select p || ' on reimbursement.customer_transactions from attack_clerk'
        from unnest('{INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER}'::text []
            || case when current_setting('server_version_num')::int >= 170000 then 'MAINTAIN' end) as p
        where p is not null $$,
    'the next migrate takes the privileges away, and says which'
);
select is_empty('select reimbursement.apply_access()', 'once');
select alike(test.as_role('attack_clerk', 'drop trigger take on reimbursement.customer_transactions'), '42501%',
    'what is there stays until the owner drops it');
alter function attack.take owner to current_user;
select lives_ok(
    'select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from pg_temp.claimed as c',
    'a trigger of the owner''s is the owner''s affair'
);
select is((select count(*) from public.loot), 0::bigint + (select count(*) from public.loot as l where l.what = session_user),
    'and runs as it');

select * from finish();
