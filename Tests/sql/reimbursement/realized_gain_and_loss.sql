-- What the rate of the posting date makes of credits that were booked at another, per dimension set.
select plan(9);

select test.company();
select test.rate('EUR', 1.10, '2025-01-01');
select test.rate('EUR', 1.25, '2025-06-30');
select test.rate('EUR', 9, '2025-07-01');

select test.credit('LOSS', 100, 'EUR');
select test.credit('GAIN', 100, 'EUR', accounting_amount => 130);
select test.credit('EVEN', 100, 'EUR', accounting_amount => 125);
select test.credit('SPREAD', 100, 'EUR', accounting_amount => 110, dimensions => '{"Department": "010"}');
select test.credit('SPREAD', 100, 'EUR', accounting_amount => 140, dimensions => '{"Department": "020"}');
select test.credit('SPREAD', 100, 'EUR', accounting_amount => 125, dimensions => '{"Department": "030"}');
select test.reimburse();

select results_eq(
    $$ select customer_account::text collate "default", exchange_rate, accounting_amount
    from reimbursement.reimbursements
    order by reimbursement_number $$,
    $$ values ('EVEN', 1.25, 125.00), ('GAIN', 1.25, 125.00), ('LOSS', 1.25, 125.00), ('SPREAD', 1.25, 375.00) $$,
    'a reimbursement is worth its amount at the rate of the posting date, and keeps that rate');
select results_eq(
    $$ select * from test.voucher('RMB-00000003') $$,
    $$ values ('130100', null, 100.00, 110.00), ('200100', null, -100.00, -125.00), ('801500', null, 0.00, 15.00) $$,
    'a credit booked at 110 that costs 125 to pay is a loss of 15, of amount 0');
select results_eq(
    $$ select * from test.voucher('RMB-00000002') $$,
    $$ values ('130100', null, 100.00, 130.00), ('200100', null, -100.00, -125.00), ('801400', null, 0.00, -5.00) $$,
    'one booked at 130 is a gain of 5');
select results_eq(
    $$ select * from test.voucher('RMB-00000001') $$,
    $$ values ('130100', null, 100.00, 125.00), ('200100', null, -100.00, -125.00) $$,
    'one booked at that rate is neither');
select results_eq(
    $$ select * from test.voucher('RMB-00000004') where ledger_account like '8%' $$,
    $$ values ('801400', '020', 0.00, -15.00), ('801500', '010', 0.00, 15.00) $$,
    'gain and loss lie in the dimension sets that they come from, and are not set off');
select results_eq(
    $$ select department, amount, accounting_amount from test.voucher('RMB-00000004')
    where ledger_account = '200100' order by department $$,
    $$ values ('010', -100.00, -125.00), ('020', -100.00, -125.00), ('030', -100.00, -125.00) $$,
    'each dimension set owes its share at the posting date''s rate');

-- One that is too old counts as missing.
update reimbursement.legal_entities set max_rate_age_days = 10;
select test.credit('LATE', 1, 'EUR', accounting_amount => 1);
select test.reimburse(posting_date => '2025-07-11');
select is(test.fate('LATE'), 'reimbursed', 'a rate that is as old as it may be is used');
select test.credit('LATE', 1, 'EUR', accounting_amount => 1);
select test.reimburse(posting_date => '2025-07-12');
select is(test.fate('LATE'), 'no_exchange_rate', 'one that is a day older counts as missing');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
