-- A settlement ties transactions that are there and stay there, though no foreign key says so.
select plan(9);

select test.company();
select test.credit('ANN', 100, voucher => 'CN');
select test.credit('BOB', 50, voucher => 'CN-BOB');
select test.debit('ANN', 10, voucher => 'INV');
create function pg_temp.id(voucher text) returns bigint
language sql
as $$
    select t.customer_transaction_id from reimbursement.customer_transactions as t where t.voucher = id.voucher
$$;
create function pg_temp.tie(debit bigint, credit bigint) returns void
language sql
as $$
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on)
    values ('US01', tie.debit, tie.credit, 'USD', 1, 1, 1, '2025-06-01')
$$;

begin;
set constraints all immediate;
select throws_ok($$ select pg_temp.tie(999, pg_temp.id('CN')) $$, '23503', null,
    'a settlement of a debit that is not there is refused');
select throws_ok($$ select pg_temp.tie(pg_temp.id('INV'), 999) $$, '23503', null, 'and of a credit that is not there');
set constraints all deferred;
select lives_ok($$ select pg_temp.tie(999, pg_temp.id('CN')) $$, 'at the end of the transaction');
select throws_ok('set constraints all immediate', '23503', null, 'as the debit may be written after it');
rollback;
select is_empty('select * from reimbursement.settlements', 'none of them is there');

-- A credit that a run is settling while somebody deletes it.
select reimbursement.enqueue_reimbursement('US01', '2025-06-30', customer_filter => 'BOB');
select c.legal_entity_id, c.job_id, c.attempt from reimbursement.claim_jobs('worker', 1) as c \gset
select test.open_other_session('run'), test.open_other_session('deletion');
select test.in_other_session('begin', 'run');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, %s); end $do$', :'legal_entity_id', :job_id, :attempt),
    'run');
select test.wait_in_other_session(
    format('delete from reimbursement.customer_transactions where customer_transaction_id = %s', pg_temp.id('CN-BOB')),
    'deletion');
select test.in_other_session('commit', 'run');
select alike(test.end_of_wait('deletion'), '23503%', 'a deletion that waited for the run is refused');
select throws_ok('truncate reimbursement.customer_transactions', 'RB015', null, 'settled transactions are not truncated');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

-- The decimals of a currency, whatever operators a session puts before PostgreSQL's.
create schema evil;
create function evil.get(jsonb, text) returns jsonb language sql immutable as $$ select '9'::jsonb $$;
select 'create operator evil.-> (function = evil.get, leftarg = jsonb, rightarg = text)' \gexec
set search_path = evil, pg_catalog, public;
select is(reimbursement.minor_unit('JPY'), 0, 'a check of amounts calls no operator of the session''s');

select * from finish();
