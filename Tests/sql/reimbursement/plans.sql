-- A transfer reads what its filter names and what is open, not the company, whatever the planner knows of the tables.
-- Compared are buffers, never clocks.
select plan(16);

select test.company();
-- What autovacuum does meanwhile would have every statement planned anew, and the catalogs read for it.
select format('alter table %s set (autovacuum_enabled = off)', c.oid::regclass)
from pg_class as c
where c.relnamespace = 'reimbursement'::regnamespace and c.relkind = 'r'
\gexec
-- Carries out a run of its own session's plans, and says how many buffers that took.
create function pg_temp.buffers(customer_filter text, include_open_debits boolean default false) returns bigint
language plpgsql
as $$
declare
    v_job record;
    v_plan jsonb;
begin
    perform reimbursement.enqueue_reimbursement('US01', '2025-06-30', customer_filter => buffers.customer_filter,
        include_open_debits => buffers.include_open_debits);
    select c.* into strict v_job from reimbursement.claim_jobs('worker', 1) as c;
    execute format('explain (analyze, buffers, costs off, timing off, format json) select reimbursement.execute_job(%L, %s, %s)',
        v_job.legal_entity_id, v_job.job_id, v_job.attempt) into v_plan;
    return (v_plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (v_plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
end
$$;
create function pg_temp.preview_buffers(customer_filter text) returns bigint
language plpgsql
as $$
declare
    v_plan jsonb;
begin
    execute format(
        'explain (analyze, buffers, costs off, timing off, format json) select * from reimbursement.preview_reimbursement(''US01'', ''2025-06-30'', customer_filter => %L)',
        preview_buffers.customer_filter) into v_plan;
    return (v_plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (v_plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
end
$$;
create function pg_temp.reimbursed() returns bigint
language sql
as $$
    select count(*) from reimbursement.reimbursement_report as r where r.run_id = test.last_run()
$$;

-- Five customers; the planner learns of them, and the session plans every statement.
select test.credit(format('A%s', i), i) from generate_series(1, 5) as i;
select test.debit('A5', 7);
analyze;
select pg_temp.buffers('A1');
select pg_temp.buffers('A2');
select set_config('test.small', pg_temp.buffers('A3')::text, false);
select set_config('test.preview', pg_temp.preview_buffers('A4')::text, false);

-- Twelve thousand customers, of whom the planner does not learn: nine of ten owe three invoices, every twentieth has a
-- credit; and other currencies, dimension sets and a customer with a thousand debits.
insert into reimbursement.customers (legal_entity_id, customer_account, name)
select 'US01', format('B%s', to_char(i, 'FM00000')), 'Customer' from generate_series(1, 12000) as i;
insert into reimbursement.customer_transactions
    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
select 'US01', format('B%s', to_char(i, 'FM00000')), 'invoice', 'INV', '2025-05-01', 'USD', 10
from generate_series(1, 12000) as i, generate_series(1, 3) where i % 10 <> 0;
insert into reimbursement.customer_transactions
    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
select 'US01', format('B%s', to_char(i, 'FM00000')), 'credit_note', 'CN', '2025-05-01', 'USD', -10
from generate_series(20, 12000, 20) as i;
insert into reimbursement.customer_transactions
    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
select 'US01', 'A5', 'invoice', 'INV', '2025-05-01', 'USD', 10 from generate_series(1, 1000);

create function pg_temp.bound(customers int) returns bigint
language sql
as $$
    select (current_setting('test.small')::bigint * 2.5 + 100 * (bound.customers - 1))::bigint
$$;
-- The least of three, as other sessions' changes of the catalogs may have one of them plan anew.
select cmp_ok(
    least(pg_temp.buffers('B00020'), pg_temp.buffers('B00720'), pg_temp.buffers('B00740')), '<=', pg_temp.bound(1),
    'one customer of twelve thousand takes what one of five took, in a session that planned for five');
select is(pg_temp.reimbursed(), 1::bigint, 'and is reimbursed');
select cmp_ok(pg_temp.buffers('B00040, B00060, B00080, B00100, B00120'), '<=', pg_temp.bound(5), 'so is a list');
select is(pg_temp.reimbursed(), 5::bigint, 'of five');
select cmp_ok(pg_temp.buffers('B00130..B00240'), '<=', pg_temp.bound(6), 'and a range');
select is(pg_temp.reimbursed(), 6::bigint, 'of six with credits among a hundred customers');
select cmp_ok(pg_temp.buffers('B003*'), '<=', pg_temp.bound(5), 'and all that begin with a text');
select is(pg_temp.reimbursed(), 5::bigint, 'of whom five have credits');
select cmp_ok(pg_temp.buffers('B00400, !B00399, b00420'), '<=', pg_temp.bound(2), 'and a list in small letters, with exceptions');
select cmp_ok(pg_temp.buffers('*0500'), '<=', pg_temp.bound(1) + 1500,
    'a wildcard at the beginning looks at the open credits, not at the customers');
select cmp_ok(pg_temp.preview_buffers('B00600'), '<=',
    (current_setting('test.preview')::bigint * 2.5)::bigint, 'a preview costs as little');
select cmp_ok(pg_temp.buffers('A4'), '<=', pg_temp.bound(1), 'who owes nothing does not pay for those who owe');
select cmp_ok(pg_temp.buffers('A5', include_open_debits => true), '<=', pg_temp.bound(1) + 1200,
    'a customer''s own debits are read, nobody else''s');

-- All plans anew, now that the tables are large, then once more after the planner has learnt of them.
discard plans;
select pg_temp.buffers('B00700');
select cmp_ok(pg_temp.buffers('B00640'), '<=', pg_temp.bound(1), 'plans that are made over large tables are the same');
analyze;
select pg_temp.buffers('B00680');
select cmp_ok(pg_temp.buffers('B00660'), '<=', pg_temp.bound(1), 'and those that know them');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
