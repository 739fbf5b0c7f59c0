-- What users load: what is filled in for them, and what is refused.
select plan(72);

select test.company();
select test.company(accounting_currency => 'JPY', legal_entity_id => 'JP01');
select test.rate('EUR', 1.105, '2025-01-01');
select test.rate('EUR', 2, '2025-05-02');
select test.customer('ANN');
select test.customer('ANN', legal_entity_id => 'JP01');

-- Inserts one customer transaction; columns and values as they are written.
create function pg_temp.load(columns text, "values" text, legal_entity_id text default 'US01') returns void
language plpgsql
as $$
begin
    execute format(
        'insert into reimbursement.customer_transactions
            (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, %s)
        values (%L, %L, %L, %L, %L, %s)', columns, legal_entity_id, 'ANN', 'invoice', 'V', date '2025-05-01', "values");
end
$$;

-- Filled in.
select pg_temp.load('currency, amount', $$'EUR', -1$$);
select results_eq(
    $$ select due_date, accounting_amount, settled_amount, settled_accounting_amount,
        receivable_account::text collate "default", dimension_set_id, open_amount
    from reimbursement.customer_transactions $$,
    $$ values (date '2025-05-01', -1.11, 0::numeric, 0::numeric, '130100', 0::bigint, -1::numeric) $$,
    'left out: due on its date, at the rate of its date rounded away from zero, open, on the legal entity''s account');
select pg_temp.load(
    'currency, amount, accounting_amount, settled_amount, receivable_account, due_date',
    $$'EUR', -3, -0.05, -1, '130900', '2025-04-01'$$);
select results_eq(
    $$ select due_date, accounting_amount, settled_amount, settled_accounting_amount,
        receivable_account::text collate "default", open_amount, open_accounting_amount
    from reimbursement.customer_transactions where amount = -3 $$,
    $$ values (date '2025-04-01', -0.05, -1::numeric, -0.02, '130900', -2::numeric, -0.03) $$,
    'what is given stays; the settled accounting amount is in proportion');
update reimbursement.customer_transactions set settled_amount = -2 where amount = -3;
select is(
    (select settled_accounting_amount from reimbursement.customer_transactions where amount = -3), -0.03,
    'settling more of it keeps the proportion');
update reimbursement.customer_transactions set settled_amount = -3 where amount = -3;
select is(
    (select open_accounting_amount from reimbursement.customer_transactions where amount = -3), 0.00,
    'and closes it in both currencies');
update reimbursement.customer_transactions set settled_amount = 0 where amount = -3;
select is(
    (select open_accounting_amount from reimbursement.customer_transactions where amount = -3), -0.05,
    'or reopens it in both');
select pg_temp.load('currency, amount, settled_amount, settled_accounting_amount', $$'EUR', -4, -1, -2$$);
select is(
    (select settled_accounting_amount from reimbursement.customer_transactions where amount = -4), -2::numeric,
    'a settled accounting amount that is given stays');
select pg_temp.load('currency, amount', $$'JPY', 7$$, 'JP01');
select is(
    (select accounting_amount from reimbursement.customer_transactions where legal_entity_id = 'JP01'), 7::numeric,
    'in accounting currency the amount is the accounting amount');

-- Refused.
select throws_ok(
    format('select pg_temp.load(%L, %L, %L)', t.columns, t.line, t.entity), t.code, null,
    format('refused with %s: %s (%s) (%s)', t.code, t.entity, t.columns, t.line))
from (
    values
    ('US01', 'currency, amount', $$'EUR', 'NaN'$$, '23514'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 'NaN', 1$$, '23514'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 'Infinity', 1$$, '23514'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', '-Infinity', -1$$, '23514'),
    ('US01', 'currency, amount', $$'EUR', 1.001$$, '23514'),
    ('US01', 'currency, amount', $$'USD', 0.005$$, '23514'),
    ('JP01', 'currency, amount', $$'JPY', 0.5$$, '23514'),
    ('JP01', 'currency, amount, accounting_amount', $$'KWD', 0.0001, 1$$, '23514'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 1, 'NaN'$$, 'RB017'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 1, 'Infinity'$$, 'RB017'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 1, 1.001$$, 'RB017'),
    ('JP01', 'currency, amount, accounting_amount', $$'EUR', 1, 1.5$$, 'RB017'),
    ('US01', 'currency, amount, settled_amount, settled_accounting_amount', $$'USD', 1, 0.5, 0.001$$, 'RB017'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 1, -1$$, '23514'),
    ('US01', 'currency, amount, accounting_amount', $$'EUR', 0, 1$$, '23514'),
    ('US01', 'currency, amount, settled_amount', $$'USD', 1, 1.01$$, '23514'),
    ('US01', 'currency, amount, settled_amount', $$'USD', 1, -0.01$$, '23514'),
    ('US01', 'currency, amount, settled_amount', $$'USD', -1, 0.01$$, '23514'),
    ('US01', 'currency, amount, settled_amount', $$'USD', 1, 0.001$$, '23514'),
    ('US01', 'currency, amount, settled_amount', $$'USD', 1, 'NaN'$$, '23514'),
    ('US01', 'currency, amount, settled_amount, settled_accounting_amount', $$'USD', 1, 1, 0.5$$, '23514'),
    ('US01', 'currency, amount, settled_amount, settled_accounting_amount', $$'USD', 1, 0.5, 1.01$$, '23514'),
    ('US01', 'currency, amount', $$'XXX', 1$$, 'RB009'), ('US01', 'currency, amount', $$'eur', 1$$, 'RB009'),
    ('US01', 'currency, amount', $$null, 1$$, 'RB009'),
    ('US01', 'currency, amount', $$'CHF', 1$$, 'RB010'), ('JP01', 'currency, amount', $$'EUR', 1$$, 'RB010'),
    ('US02', 'currency, amount', $$'USD', 1$$, 'RB001'),
    ('US01', 'currency, amount', $$'USD', null$$, '23502'),
    ('US01', 'currency, amount, receivable_account', $$'USD', 1, ''$$, '23514'),
    ('US01', 'currency, amount, dimension_set_id', $$'USD', 1, 999$$, '23503'),
    ('US01', 'currency, amount, due_date', $$'USD', 1, 'infinity'$$, '23514')
) as t (entity, columns, line, code);
select throws_ok(
    $$ insert into reimbursement.customer_transactions
        (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
    values ('US01', 'NOBODY', 'invoice', 'V', '2025-05-01', 'USD', 1) $$, '23503', null,
    'a transaction of a customer who is not there is refused');

select pg_temp.load('currency, amount, source_reference', $$'USD', 1, 'file 1, line 1'$$);
select throws_ok(
    $$ select pg_temp.load('currency, amount, source_reference', $v$'USD', 1, 'file 1, line 1'$v$) $$, '23505', null,
    'the same line loaded twice is refused');
select lives_ok(
    $$ select pg_temp.load('currency, amount, source_reference', $v$'JPY', 1, 'file 1, line 1'$v$, 'JP01') $$,
    'in another legal entity it is another line');
select throws_ok(
    $$ update reimbursement.customer_transactions set accounting_amount = -1.001 where amount = -1 $$, 'RB017', null,
    'an accounting amount cannot be changed to one with more decimals');
select throws_ok(
    $$ update reimbursement.customer_transactions set amount = 'NaN' where amount = -1 $$, '23514', null,
    'nor an amount to what is no number');

-- The other tables.
select throws_ok(t.statement, t.code, null, format('%s is refused', t.rule))
from (
    values
    ($$ insert into reimbursement.exchange_rates values ('US01', 'USD', '2025-01-01', 1) $$, 'RB016',
        'a rate for the accounting currency'),
    ($$ update reimbursement.exchange_rates set currency = 'USD' $$, 'RB016', 'a rate that becomes one'),
    ($$ select test.rate('GBP', 0) $$, '23514', 'a rate of 0'),
    ($$ select test.rate('GBP', -1) $$, '23514', 'a negative rate'),
    ($$ select test.rate('GBP', 'NaN') $$, '23514', 'a rate that is no number'),
    ($$ select test.rate('GBP', 'Infinity') $$, '23514', 'an infinite rate'),
    ($$ select test.rate('XXX', 1) $$, '23514', 'a rate of an unknown currency'),
    ($$ select test.rate('EUR', 1) $$, '23505', 'a second rate of a day'),
    ($$ select test.rate('GBP', 1, 'infinity') $$, '23514', 'a rate that never begins'),
    ($$ select test.customer('BOB', on_hold_to => '2025-12-31') $$, '23514', 'the end of a hold without its beginning'),
    ($$ select test.customer('BOB', on_hold_from => '2025-12-31', on_hold_to => '2025-12-30') $$, '23514',
        'a hold that ends before it begins'),
    ($$ select test.customer('') $$, '23514', 'a blank customer account'),
    ($$ select test.vendor('V', hold => 'maybe') $$, '23514', 'an unknown hold'),
    ($$ select test.vendor('V', payment_terms_days => -1) $$, '23514', 'a negative term'),
    ($$ insert into reimbursement.ledger_periods values ('US01', '2025-12-31', '2026-01-01') $$, '23P01',
        'a period that overlaps another'),
    ($$ insert into reimbursement.ledger_periods values ('US01', '2026-06-01', '2026-06-30', false) $$, '23P01',
        'a period inside of another, closed or not'),
    ($$ insert into reimbursement.ledger_periods values ('US01', '2027-02-01', '2027-01-01') $$, '23514',
        'a period that ends before it begins'),
    ($$ update reimbursement.legal_entities set minimum_reimbursement = -1 $$, '23514', 'a negative minimum'),
    ($$ update reimbursement.legal_entities set minimum_reimbursement = 'NaN' $$, '23514', 'a minimum that is no number'),
    ($$ update reimbursement.legal_entities set minimum_reimbursement = 'Infinity' $$, '23514', 'an infinite minimum'),
    ($$ update reimbursement.legal_entities set minimum_reimbursement = 0.5 where legal_entity_id = 'JP01' $$, '23514',
        'a minimum with more decimals than its currency'),
    ($$ update reimbursement.legal_entities set accounting_currency = 'EUR' where legal_entity_id = 'US01' $$, 'RB015',
        'another accounting currency for books that have begun'),
    ($$ select test.transaction('ANN', 1, 'USD', 'infinity', null, null, '{}', null, 0, null, 'V', 'US01') $$, '23514',
        'a transaction date that is no day')
) as t (statement, code, rule);
select lives_ok($$ select test.customer('BOB', on_hold_from => '2025-12-31', on_hold_to => '2025-12-31') $$,
    'a hold of one day is one');
select lives_ok($$ insert into reimbursement.ledger_periods values ('US01', '2027-01-01', '2027-01-31', false) $$,
    'periods may follow each other');
select lives_ok($$ select pg_temp.load('currency, amount, accounting_amount', $v$'CHF', 1, 1$v$) $$,
    'with its accounting amount a transaction needs no rate');

-- What was just loaded for a legal entity is not known to statistics that were taken before.
select test.customer('C' || i) from generate_series(1, 2000) as i;
analyze reimbursement.customers;
select test.company(legal_entity_id => 'US02');
select test.customer('D' || i, legal_entity_id => 'US02') from generate_series(1, 2000) as i;
create function pg_temp.estimate(statement text) returns int
language plpgsql
as $$
declare
    v_plan json;
begin
    execute 'explain (format json) ' || statement into v_plan;
    return v_plan -> 0 -> 'Plan' ->> 'Plan Rows';
end
$$;
select cmp_ok(
    pg_temp.estimate($$ select from reimbursement.customers where legal_entity_id = 'US02' $$), '>', 10,
    'a legal entity that is new to them is not planned as a row or two');

-- A load does not plan the checks of each row anew, which would show in memory that a transaction gives back at its end.
begin;
insert into reimbursement.customer_transactions
    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
select 'US01', 'ANN', 'invoice', 'INV', '2025-01-01', 'USD', 10 from generate_series(1, 3000);
select sum(c.used_bytes) as planned from pg_backend_memory_contexts as c where c.name = 'ExecutorState' \gset
rollback;
select cmp_ok(:planned, '<', 1000000, 'three thousand rows are loaded with their checks planned once');

select * from finish();
