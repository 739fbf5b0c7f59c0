-- What a role may see and change of the tables, by legal entity; bank details are masked for those without a duty there.
select plan(39);

create role rows_clerk login;
create role rows_payer login;
create role rows_master login;
create role rows_auditor login;
create role rows_operator login;
create role rows_worker login;
create role rows_nobody login;

select test.company(), test.company(legal_entity_id => 'US02'), test.bank_account(), test.bank_account(legal_entity_id => 'US02');
select test.customer('ANN', iban => 'DE89370400440532013000');
select test.customer('ANN', iban => 'DE89370400440532013000', legal_entity_id => 'US02');
select test.credit('ANN', 10), test.credit('ANN', 20, legal_entity_id => 'US02');
select test.reimburse(), test.reimburse(legal_entity_id => 'US02'), test.pay(), test.pay(legal_entity_id => 'US02');
select
    reimbursement.grant_duty('rows_clerk', 'clerk', 'US01'), reimbursement.grant_duty('rows_clerk', 'payer', 'US02'),
    reimbursement.grant_duty('rows_payer', 'payer', 'US01'), reimbursement.grant_duty('rows_master', 'master', 'US01'),
    reimbursement.grant_duty('rows_auditor', 'auditor', 'US01'), reimbursement.grant_duty('rows_operator', 'operator'),
    reimbursement.grant_duty('rows_worker', 'worker');

-- Every table and view with a legal entity, as somebody sees it: which legal entities have rows there.
create function pg_temp.seen(actor name) returns table (name text, legal_entities text)
language sql
as $$
    select c.relname, test.as_role(seen.actor, format(
        $s$ select coalesce(string_agg(distinct legal_entity_id, ',' order by legal_entity_id), '') from reimbursement.%I $s$,
        c.relname))
    from pg_class as c
    inner join reimbursement.access_rules() as r on r.name = c.relname and r.kind in ('table', 'view')
    where c.relnamespace = 'reimbursement'::regnamespace and r.access <> 'owner'
        and exists (select from pg_attribute as t where t.attrelid = c.oid and t.attname = 'legal_entity_id')
$$;
select cmp_ok((select count(*) from pg_temp.seen(session_user)), '>', 35::bigint, 'the tables and views are found');
select is_empty($$ select * from pg_temp.seen('rows_nobody') as s where s.legal_entities <> '' $$,
    'without a duty there are no rows');
select is_empty($$ select * from pg_temp.seen('rows_worker') as s where s.legal_entities <> '' and s.name <> 'duties' $$,
    'nor for a worker');
select is_empty($$ select * from pg_temp.seen('rows_auditor') as s where s.legal_entities ~ 'US02|[0-9]{4}5' $$,
    'whoever has a duty in one legal entity sees no row of another');
select results_eq(
    $$ select o.name from pg_temp.seen(session_user) as o
        inner join pg_temp.seen('rows_auditor') as a on a.name = o.name
        where o.legal_entities like '%US01%' and a.legal_entities <> 'US01' $$,
    array[]::text[], 'an auditor sees every table and view of his own'
);
select bag_eq(
    $$ select s.name from pg_temp.seen('rows_operator') as s where s.legal_entities <> '' $$,
    array['jobs', 'run_requests', 'runs'], 'an operator sees queues and runs, not the books'
);
select bag_eq(
    $$ select s.name, s.legal_entities from pg_temp.seen('rows_clerk') as s
        where s.name in ('customers', 'payments', 'vendors', 'bank_accounts') $$,
    $$ values ('bank_accounts', 'US02'), ('customers', 'US02'), ('payments', 'US02'), ('vendors', 'US02') $$,
    'tables with bank details show their rows only where one may see them'
);
select is(test.as_role('rows_clerk', 'select string_agg(legal_entity_id, '','' order by 1) from reimbursement.customer_transactions
    where transaction_type <> ''reimbursement'''), 'US01,US02', 'the books are read by every duty');

-- Masking.
create temporary table masked (view_name text, expression text);
insert into masked values
('customer_accounts', 'iban'), ('vendor_accounts', 'iban'), ('vendor_payments', 'creditor_iban'),
('paying_bank_accounts', 'iban');
select bag_eq(
    $$ select m.view_name, test.as_role('rows_clerk', format(
        'select string_agg(legal_entity_id || '' '' || %s, '' '' order by legal_entity_id) from reimbursement.%s',
        m.expression, m.view_name)) from masked as m $$,
    $$ values ('customer_accounts', 'US01 DE89…3000 US02 DE89370400440532013000'),
        ('vendor_accounts', 'US01 DE89…3000 US02 DE89370400440532013000'),
        ('vendor_payments', 'US01 DE89…3000 US02 DE89370400440532013000'),
        ('paying_bank_accounts', 'US01 GB29…6819 US02 GB29NWBK60161331926819') $$,
    'a clerk sees bank details masked, and in full where he is a payer'
);
select is(test.as_role('rows_clerk', 'select count(*) from reimbursement.customer_accounts where iban like ''DE8937%'''), '1',
    'nor can he find them by what they are');
create function public.spy(seen text) returns boolean
language plpgsql cost 0.000001
as $$
begin
    if seen like '%37040044%' then
        perform set_config('test.spied', coalesce(current_setting('test.spied', true), '') || 'x', false);
    end if;
    return true;
end
$$;
select is(
    test.as_role('rows_clerk', $$
        select count(*) from reimbursement.customer_accounts where spy(iban) and legal_entity_id = 'US01' $$), '1',
    'a function of his own may be in his query'
);
select is(coalesce(current_setting('test.spied', true), ''), '', 'but is shown what he may see, not more');
select test.as_role('rows_clerk', $$ select count(*) from reimbursement.customers where spy(iban) $$);
select is(current_setting('test.spied', true), 'x', 'of a table too: the row of the other legal entity alone');
select is(reimbursement.mask_bank_detail('DE89 3704 0044 0532 0130 00'), 'DE89…3000', 'spaces do not matter');
select is(reimbursement.mask_bank_detail('COBADEFF'), 'COBA…', 'what is short shows less');
select is(reimbursement.mask_bank_detail(null), null, 'nothing stays nothing');

-- What a master fills, and what he does not.
select is(test.as_role('rows_master', $$ insert into reimbursement.customers (legal_entity_id, customer_account, name)
    values ('US01', 'BOB', 'Bob') returning name $$), 'Bob', 'a master enters a customer');
select is(test.as_role('rows_master', $$ insert into reimbursement.customer_transactions (legal_entity_id, customer_account,
    transaction_type, voucher, transaction_date, currency, amount) values ('US01', 'BOB', 'payment', 'P', '2025-01-01', 'USD', -5)
    returning accounting_amount $$), '-5.00', 'and a transaction, which is filled in as ever');
select is(test.as_role('rows_master', $$ update reimbursement.customers set iban = 'GB29NWBK60161331926819'
    where customer_account = 'ANN' returning legal_entity_id $$), 'US01', 'he changes those of his legal entity alone');
select alike(test.as_role('rows_master', $$ insert into reimbursement.customers (legal_entity_id, customer_account, name)
    values ('US02', 'BOB', 'Bob') $$), '42501 new row violates row-level security policy%', 'another one is not his');
select alike(test.as_role('rows_master', $$ insert into reimbursement.customer_transactions (legal_entity_id,
    customer_account, transaction_type, voucher, transaction_date, currency, amount, accounting_amount)
    values ('US02', 'ANN', 'payment', 'P', '2025-01-01', 'EUR', -5, -5.001) $$),
    '42501%the duty master in legal entity "US02"', 'nor is he told what is wrong with a transaction there');
select alike(test.as_role('rows_master', $$ insert into reimbursement.exchange_rates values ('US02', 'USD', '2025-01-01', 2) $$),
    '42501%the duty master in legal entity "US02"', 'or what its currency is');
select alike(test.as_role('rows_master', $$ insert into reimbursement.vendors (legal_entity_id, vendor_account, name)
    values ('US01', 'V', 'Vendor') returning name $$), 'Vendor', 'he enters a vendor');
select alike(test.as_role('rows_master', $$ insert into reimbursement.vendors (legal_entity_id, vendor_account, name, run_id)
    values ('US01', 'W', 'Vendor', 1) $$), '42501 permission denied for table vendors', 'but none that a run made');
select alike(test.as_role('rows_master', $$ update reimbursement.customer_transactions set run_id = null $$),
    '42501 permission denied%', 'nor does he change which run wrote what');
select alike(test.as_role('rows_master', $$ update reimbursement.customers set legal_entity_id = 'US02' $$),
    '42501 permission denied%', 'or moves a customer elsewhere');
select alike(test.as_role('rows_master', $$ delete from reimbursement.customers $$), '42501 permission denied%',
    'he deletes nothing');
select alike(test.as_role('rows_master', $$ update reimbursement.legal_entities set accounting_currency = 'EUR' $$),
    '42501 permission denied%', 'what the owner decides stays the owner''s');
select is(test.as_role('rows_master', $$ update reimbursement.ledger_periods set is_open = false
    where starts_on = '2024-01-01' returning legal_entity_id $$), 'US01', 'he closes a period');
select alike(test.as_role('rows_master', $$ update reimbursement.vendor_transactions set settled_amount = 0 $$),
    '42501 permission denied%', 'what was posted is not his');
select alike(test.as_role('rows_master', $$ select reimbursement.enqueue_reimbursement('US01', '2025-12-31') $$), '42501%',
    'and he asks for no run');
select alike(test.as_role('rows_clerk', $$ update reimbursement.customers set iban = null returning name $$), 'done',
    'a clerk''s change of customers');
select is((select count(*) from reimbursement.customers as c where c.iban is null and c.customer_account = 'ANN'), 0::bigint,
    'changes none, not even where he is a payer');
select alike(test.as_role('rows_clerk', $$ insert into reimbursement.customers (legal_entity_id, customer_account, name)
    values ('US01', 'EVE', 'Eve') $$), '42501 new row violates row-level security policy%', 'nor does he enter one');

-- The policies ask once a statement.
select lives_ok($$ select test.credit(format('C%s', i), i) from generate_series(1, 500) as i $$, 'with many customers');
create function pg_temp.calls(statement text) returns bigint
language plpgsql
as $$
begin
    perform pg_stat_force_next_flush();
    perform set_config('track_functions', 'all', true);
    perform test.as_role('rows_auditor', statement);
    return pg_stat_get_xact_function_calls('reimbursement.legal_entities_of(text[])'::regprocedure);
end
$$;
select is(pg_temp.calls('select count(*) from reimbursement.customer_transactions'), 1::bigint,
    'a policy asks who one is once a statement');
select cmp_ok(pg_temp.calls('select count(iban) from reimbursement.customer_accounts'), '<=', 3::bigint,
    'and so does a view that masks');
select cmp_ok(pg_temp.calls('select count(customer_name) from reimbursement.reimbursement_report'), '<=', 12::bigint,
    'and one that looks names up in it');
select is(test.as_role('rows_master', 'set local row_security = off; select count(*) from reimbursement.settlements'),
    '42501 query would be affected by row-level security policy for table "settlements"',
    'row_security = off is an error and no way around');

select * from finish();
