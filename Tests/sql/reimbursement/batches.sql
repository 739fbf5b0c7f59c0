-- A run in several jobs: each customer wholly in one, all of them covered, whatever happens meanwhile.
select plan(23);

create function pg_temp.customers(legal_entity_id text, customers int) returns void
language sql
as $$
    select test.company(legal_entity_id => customers.legal_entity_id);
    select
        test.credit(
            format('C%s', lpad(i::text, 4, '0')), i, dimensions => jsonb_build_object('Department', i % 3),
            legal_entity_id => customers.legal_entity_id)
    from generate_series(1, customers.customers) as i;
    select
        test.credit(
            format('C%s', lpad(i::text, 4, '0')), 1, dimensions => '{"Department": "X"}',
            legal_entity_id => customers.legal_entity_id)
    from generate_series(1, customers.customers) as i
$$;
-- How many customers the latest run's jobs each reimbursed, in order.
create function pg_temp.sizes() returns int[]
language sql
as $$
    select array_agg(j.processed order by j.batch)
    from reimbursement.jobs as j where j.run_id = test.last_run()
$$;

select pg_temp.customers('EVEN', 100);
select test.reimburse(batches => 4, summarize_customer => false, legal_entity_id => 'EVEN');
select is(pg_temp.sizes(), array[25, 25, 25, 25], 'a hundred customers in four batches of about the same number');
select is(
    (select count(*) from reimbursement.reimbursement_report where run_id = test.last_run()), 200::bigint,
    'with all of their credits');
select is_empty(
    $$ select customer_account from reimbursement.reimbursements where run_id = test.last_run()
    group by customer_account having count(distinct job_id) > 1 $$,
    'each customer is wholly in one batch');
select is(
    (select sum(open_amount) from reimbursement.customer_balances where legal_entity_id = 'EVEN'), 0.00,
    'and none is left out');

select pg_temp.customers('ODD', 10);
select test.reimburse(batches => 3, legal_entity_id => 'ODD');
select is(
    (select array_agg(s.size order by s.size) from unnest(pg_temp.sizes()) as s (size)), array[3, 3, 4],
    'ten customers in three');

select pg_temp.customers('FEW', 2);
select test.reimburse(batches => 5, legal_entity_id => 'FEW');
select is(array_length(pg_temp.sizes(), 1), 5, 'fewer customers than batches: there are as many jobs all the same');
select is((select sum(s.size) from unnest(pg_temp.sizes()) as s (size)), 2::bigint, 'every customer is in one');
select is(
    (select sum(open_amount) from reimbursement.customer_balances where legal_entity_id = 'FEW'), 0.00,
    'and has the money');

select test.company(legal_entity_id => 'NOBODY');
select test.reimburse(batches => 3, legal_entity_id => 'NOBODY');
select is(pg_temp.sizes(), array[0, 0, 0], 'a run of nobody completes');
select is((select r.accounting_amount from reimbursement.runs as r where r.run_id = test.last_run()), 0::numeric, 'with 0');
select test.credit('LATE-COMER', 5, legal_entity_id => 'NOBODY');
select reimbursement.enqueue_reimbursement(
    'NOBODY', '2025-06-30', customer_filter => 'NOT-YET', batches => 4);
select test.credit('NOT-YET', 5, legal_entity_id => 'NOBODY');
select test.work_off();
select is(
    test.fate('NOT-YET'), 'reimbursed', 'whoever gets a first credit after a run of nobody was enqueued is in it');
select is(test.fate('LATE-COMER'), 'not reported', 'and nobody whom its filter does not name');

-- Customers who appear between enqueue and transfer: before, between and after those who were there.
select pg_temp.customers('LATER', 6);
select reimbursement.enqueue_reimbursement('LATER', '2025-06-30', batches => 3);
select test.credit('A', 5, legal_entity_id => 'LATER');
select test.credit('C0002X', 5, legal_entity_id => 'LATER');
select test.credit('Z', 5, legal_entity_id => 'LATER');
select test.work_off();
select is(test.fate(c.account), 'reimbursed', format('a customer who appears meanwhile is in one batch: %s', c.account))
from (values ('A'), ('C0002X'), ('Z')) as c (account);
select is(
    (select sum(open_amount) from reimbursement.customer_balances where legal_entity_id = 'LATER'), 0.00,
    'and nobody else is left out');

-- With a filter, batches are made of those whom it names; bounds are compared byte by byte, whatever the language.
select pg_temp.customers('FILTERED', 40);
select test.credit(c.account, 5, legal_entity_id => 'FILTERED')
from (values ('a'), ('B'), ('ä'), ('Z'), ('z'), ('-')) as c (account);
select test.reimburse(batches => 2, customer_filter => 'C0031..C0040', legal_entity_id => 'FILTERED');
select is(pg_temp.sizes(), array[5, 5], 'a filter''s customers are split evenly');
select test.reimburse(batches => 7, legal_entity_id => 'FILTERED');
select is(
    (select sum(s.size) from unnest(pg_temp.sizes()) as s (size)), 36::bigint,
    'accounts of any kind and case are each in one batch');
select is(
    (select sum(open_amount) from reimbursement.customer_balances where legal_entity_id = 'FILTERED'), 0.00,
    'and none is in none');

-- Two batches of a run, carried out at the same time: neither waits for the other until it takes numbers.
select pg_temp.customers('PARALLEL', 2);
select reimbursement.enqueue_reimbursement('PARALLEL', '2025-06-30', batches => 2);
create temporary table claimed as select * from reimbursement.claim_jobs('test', 2);
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'PARALLEL', min(c.job_id)))
from claimed as c;
set lock_timeout = '100ms';
select throws_ok(
    format('select reimbursement.execute_job(%L, %s, 1)', 'PARALLEL', max(c.job_id)), '55P03', null,
    'a batch waits with its numbers for another that has taken some, so that there are no gaps')
from claimed as c;
reset lock_timeout;
select test.in_other_session('rollback');
select lives_ok(
    format('select reimbursement.execute_job(%L, %s, 1)', 'PARALLEL', max(c.job_id)),
    'when that rolls back, it has them')
from claimed as c;
select is(
    (select r.reimbursement_number from reimbursement.reimbursement_report as r where r.legal_entity_id = 'PARALLEL'),
    'RMB-00000001', 'from the first on');
select reimbursement.execute_job('PARALLEL', min(c.job_id), 1) from claimed as c;

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
