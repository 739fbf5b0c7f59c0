-- What netting posts: a debit and a credit on two accounts or dimension sets, or at two rates.
select plan(11);

select test.company();
select test.rate('EUR', 1, '2025-01-01');
select test.rate('EUR', 1.5, '2025-06-30');

-- Two receivable accounts and two dimension sets; the posting is in accounting currency.
select test.credit('MOVED', 100, receivable_account => '130200', dimensions => '{"Department": "010"}', voucher => 'CN');
select test.debit('MOVED', 40, receivable_account => '130300', dimensions => '{"Department": "020"}', voucher => 'INV');
select test.reimburse(include_open_debits => true, net_open_debits => true);
select results_eq(
    $$ select * from test.voucher('STL-00000001') $$,
    $$ values ('130200', '010', 40.00, 40.00), ('130300', '020', -40.00, -40.00) $$,
    'the netted amount is moved to the credit''s account and dimension set from the debit''s');
select results_eq(
    $$ select * from test.voucher('RMB-00000001') $$,
    $$ values ('130200', '010', 60.00, 60.00), ('200100', '010', -60.00, -60.00) $$,
    'and the reimbursement clears what is left there');

-- The company gives up what the customer owes, and is freed of what it owes the customer.
select test.credit('GAIN', 100, 'EUR', accounting_amount => 120, dimensions => '{"Department": "010"}', voucher => 'CN');
select test.debit('GAIN', 100, 'EUR', accounting_amount => 110, dimensions => '{"Department": "020"}', voucher => 'INV');
select test.credit('LOSS', 100, 'EUR', accounting_amount => 120, voucher => 'CN');
select test.debit('LOSS', 50, 'EUR', accounting_amount => 65, voucher => 'INV');
select test.reimburse(include_open_debits => true, net_open_debits => true);
select results_eq(
    $$ select * from test.voucher('STL-00000002') $$,
    $$ values ('130100', '010', 100.00, 120.00), ('130100', '020', -100.00, -110.00),
        ('801400', '010', 0.00, -10.00) $$,
    'a credit of 120 against a debit of 110 is a gain of 10, in the credit''s dimension set');
select results_eq(
    $$ select * from test.voucher('STL-00000003') $$,
    $$ values ('130100', null, 50.00, 60.00), ('130100', null, -50.00, -65.00), ('801500', null, 0.00, 5.00) $$,
    'half of a credit of 120 against a debit of 65 is a loss of 5');
select results_eq(
    $$ select * from test.settlements() where debit = 'INV' order by amount $$,
    $$ values ('INV', 'CN', 50.00, 65.00, 60.00), ('INV', 'CN', 100.00, 110.00, 120.00) $$,
    'a settlement keeps the accounting parts of both sides');
select is(test.fate('GAIN'), 'no_net_credit', 'a customer with nothing left has the voucher all the same');

-- One voucher a customer and currency.
select test.credit('SEVERAL', 100, 'EUR', accounting_amount => 100);
select test.debit('SEVERAL', 30, 'EUR', accounting_amount => 31, due_date => '2025-05-02');
select test.debit('SEVERAL', 30, 'EUR', accounting_amount => 28, due_date => '2025-05-03');
select test.debit('SEVERAL', 30, 'EUR', accounting_amount => 30, due_date => '2025-05-04');
select test.reimburse(include_open_debits => true, net_open_debits => true);
select results_eq(
    $$ select ledger_account, sum(amount), sum(accounting_amount) from test.voucher('STL-00000004')
    group by ledger_account order by ledger_account $$,
    $$ values ('130100', 0.00, 1.00), ('801400', 0.00, -2.00), ('801500', 0.00, 1.00) $$,
    'one voucher holds the gain of one pair and the loss of another');
select is(
    (select count(*) from reimbursement.settlements where run_id = test.last_run() and voucher = 'STL-00000004'),
    2::bigint, 'and a pair whose parts are equal needs no voucher');

-- Cumulative rounding on both sides: a third, then a third, then the rest.
select test.credit('THIRDS', 3, 'EUR', accounting_amount => 0.05, voucher => 'CN');
select test.debit('THIRDS', 1, 'EUR', accounting_amount => 0.02, due_date => '2025-05-02', voucher => 'INV-1');
select test.debit('THIRDS', 1, 'EUR', accounting_amount => 0.02, due_date => '2025-05-03', voucher => 'INV-2');
select test.reimburse(include_open_debits => true, net_open_debits => true);
select results_eq(
    'select * from test.settlements()',
    $$ values ('INV-1', 'CN', 1.00, 0.02, 0.02), ('INV-2', 'CN', 1.00, 0.02, 0.01),
        ('RMB-00000004', 'CN', 1.00, 0.02, 0.02) $$,
    'the accounting parts of a credit add up to its accounting amount exactly');
select results_eq(
    $$ select * from test.transactions('THIRDS') $$,
    $$ values ('CN', 0.00, 0.00), ('INV-1', 0.00, 0.00), ('INV-2', 0.00, 0.00), ('RMB-00000004', 0.00, 0.00) $$,
    'and both sides close in both currencies');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
