-- Settlements outside of any run.
select plan(36);

select test.company();
select test.rate('EUR', 1);

-- Transactions by names: what a statement below calls their vouchers.
create function pg_temp.id(voucher text) returns bigint
language sql
as $$
    select t.customer_transaction_id from reimbursement.customer_transactions as t where t.voucher = id.voucher
$$;

select test.credit('ANN', 100, voucher => 'CN');
select test.debit('ANN', 60, voucher => 'INV');
create temporary table first_settlement as
select reimbursement.settle_transactions(
    legal_entity_id => 'US01', debit_transaction_id => pg_temp.id('INV'), credit_transaction_id => pg_temp.id('CN'),
    amount => 25, posting_date => '2025-06-01') as settlement_id;
select results_eq(
    $$ select voucher, open_amount from test.transactions('ANN') $$,
    $$ values ('CN', -75.00), ('INV', 35.00) $$, 'a part of a debit is settled against a part of a credit');
select results_eq(
    $$ select s.amount, s.debit_accounting_amount, s.credit_accounting_amount, s.settled_on, s.run_id,
        s.voucher::text collate "default"
    from reimbursement.settlements as s join first_settlement as f on f.settlement_id = s.settlement_id $$,
    $$ values (25.00, 25.00, 25.00, date '2025-06-01', null::bigint, null) $$,
    'the settlement is returned; nothing has to be posted');
select is_empty('select * from reimbursement.ledger_entries', 'and nothing is');
select reimbursement.settle_transactions('US01', pg_temp.id('INV'), pg_temp.id('CN'), 35, '2025-06-01');
select results_eq(
    $$ select voucher, open_amount from test.transactions('ANN') $$,
    $$ values ('CN', -40.00), ('INV', 0.00) $$, 'the rest of it may follow on the same day');

select test.credit('BOB', 3, 'EUR', accounting_amount => 0.05, voucher => 'CN-B');
select test.debit(
    'BOB', 3, 'EUR', accounting_amount => 0.04, dimensions => '{"Department": "010"}', receivable_account => '130200',
    voucher => 'INV-B');
select reimbursement.settle_transactions('US01', pg_temp.id('INV-B'), pg_temp.id('CN-B'), 1, '2025-06-01');
select reimbursement.settle_transactions('US01', pg_temp.id('INV-B'), pg_temp.id('CN-B'), 1, '2025-06-01');
select reimbursement.settle_transactions('US01', pg_temp.id('INV-B'), pg_temp.id('CN-B'), 1, '2025-06-01');
select results_eq(
    $$ select debit_accounting_amount, credit_accounting_amount from reimbursement.settlements
    where credit_transaction_id = pg_temp.id('CN-B') order by settlement_id $$,
    $$ values (0.01, 0.02), (0.02, 0.01), (0.01, 0.02) $$,
    'the accounting parts of both sides are cumulative roundings');
select results_eq(
    $$ select * from test.voucher('STL-00000001') $$,
    $$ values ('130100', null, 1.00, 0.02), ('130200', '010', -1.00, -0.01), ('801400', null, 0.00, -0.01) $$,
    'between two accounts it is posted as netting is, the difference as a gain');
select results_eq(
    $$ select * from test.voucher('STL-00000002') where ledger_account like '8%' $$,
    $$ values ('801500', null, 0.00, 0.01) $$, 'or as a loss');
select results_eq(
    $$ select * from test.transactions('BOB') $$, $$ values ('CN-B', 0.00, 0.00), ('INV-B', 0.00, 0.00) $$,
    'and both close in both currencies');

-- What is refused.
select test.debit('ANN', 10, voucher => 'INV-2');
select test.debit('ANN', 10, 'EUR', voucher => 'INV-EUR');
select test.debit('CAT', 10, voucher => 'INV-CAT');
select test.debit('ANN', 10, marked_for => 'payment proposal', voucher => 'INV-MARKED');
select test.credit('ANN', 10, marked_for => 'payment proposal', voucher => 'CN-MARKED');
select test.debit('ANN', 10, transaction_date => '2025-06-02', voucher => 'INV-LATE');
select test.credit('ANN', 10, transaction_date => '2025-06-02', voucher => 'CN-LATE');
select test.credit('ANN', 10, voucher => 'CN-2');
create temporary table books_before as
select t.customer_transaction_id, t.settled_amount from reimbursement.customer_transactions as t;

select throws_ok(
    format(
        'select reimbursement.settle_transactions(%L, pg_temp.id(%L), pg_temp.id(%L), %s, %L)', s.entity, s.debit, s.credit,
        s.amount, s.posting_date),
    s.code, null, format('refused with %s: %s', s.code, s.rule))
from (
    values
    ('US01', 'INV-CAT', 'CN', '1', '2025-06-01', 'RB014', 'two customers'),
    ('US01', 'INV-EUR', 'CN', '1', '2025-06-01', 'RB014', 'two currencies'),
    ('US01', 'INV-MARKED', 'CN', '1', '2025-06-01', 'RB014', 'a marked debit'),
    ('US01', 'INV-2', 'CN-MARKED', '1', '2025-06-01', 'RB014', 'a marked credit'),
    ('US01', 'CN', 'INV-2', '1', '2025-06-01', 'RB014', 'the two the wrong way round'),
    ('US01', 'INV-2', 'INV-CAT', '1', '2025-06-01', 'RB014', 'two debits'),
    ('US01', 'CN-2', 'CN', '1', '2025-06-01', 'RB014', 'two credits'),
    ('US01', 'INV-2', 'INV-2', '1', '2025-06-01', 'RB014', 'a transaction with itself'),
    ('US01', 'INV-2', 'CN', '10.01', '2025-06-01', 'RB014', 'more than is open of the debit'),
    ('US01', 'INV', 'CN', '0.01', '2025-06-01', 'RB014', 'anything of a debit that is settled'),
    ('US01', 'INV-2', 'CN', '0', '2025-06-01', 'RB014', 'an amount of 0'),
    ('US01', 'INV-2', 'CN', '-1', '2025-06-01', 'RB014', 'a negative amount'),
    ('US01', 'INV-2', 'CN', '0.005', '2025-06-01', 'RB014', 'an amount with more decimals than its currency'),
    ('US01', 'INV-2', 'CN', $$'NaN'$$, '2025-06-01', 'RB014', 'an amount that is no number'),
    ('US01', 'INV-2', 'CN', $$'Infinity'$$, '2025-06-01', 'RB014', 'an infinite amount'),
    ('US01', 'INV-2', 'CN', '1', '2025-05-31', 'RB014', 'a date before the latest settlement of the credit'),
    ('US01', 'INV-2', 'CN-LATE', '1', '2025-06-01', 'RB014', 'a date before the credit'),
    ('US01', 'INV-LATE', 'CN', '1', '2025-06-01', 'RB014', 'a date before the debit'),
    ('US01', 'NOTHING', 'CN', '1', '2025-06-01', 'RB006', 'no debit'),
    ('US01', 'INV-2', 'NOTHING', '1', '2025-06-01', 'RB006', 'no credit'),
    ('US01', 'INV-2', 'CN', 'null', '2025-06-01', 'RB006', 'no amount'),
    ('NOWHERE', 'INV-2', 'CN', '1', '2025-06-01', 'RB001', 'no legal entity'),
    ('US01', 'INV-2', 'CN', '1', '2030-06-01', 'RB003', 'no period')
) as s (entity, debit, credit, amount, posting_date, code, rule);
select throws_ok(
    $$ select reimbursement.settle_transactions('US01', pg_temp.id('INV-2'), 999, 1, '2025-06-01') $$, 'RB014', null,
    'a credit that does not exist is refused');
update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01';
select throws_ok(
    $$ select reimbursement.settle_transactions('US01', pg_temp.id('INV-2'), pg_temp.id('CN'), 1, '2025-06-01') $$,
    'RB004', null, 'a closed period is refused');
select results_eq(
    $$ select t.customer_transaction_id, t.settled_amount from reimbursement.customer_transactions as t
    order by t.customer_transaction_id $$,
    'select * from books_before order by customer_transaction_id', 'and nothing is settled');

-- No posting date is today.
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on) values ('US01', '2027-01-01', '2099-12-31');
update reimbursement.ledger_periods set is_open = true;
select reimbursement.settle_transactions('US01', pg_temp.id('INV-2'), pg_temp.id('CN'), 1);
select is(
    (select settled_on from reimbursement.settlements order by settlement_id desc limit 1), (now() at time zone 'UTC')::date,
    'no posting date is today');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
