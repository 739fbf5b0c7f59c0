-- A reimbursement is taken back: the opposite of what it posted, its credits are open again, its invoice is cancelled.
select plan(23);

-- Ann's credits of 100 and 50 EUR were booked at 1.1, of the second 10 were settled before; they are reimbursed at 1.2.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.rate('EUR', 1.1);
select test.rate('EUR', 1.2, '2025-06-30');
select test.rate('EUR', 7, '2025-07-31');
select test.payee('ANN', 100, 'EUR', dimensions => '{"Department": "010"}', voucher => 'CN-1');
select test.credit('ANN', 50, 'EUR', dimensions => '{"Department": "020"}', settled_amount => 10, voucher => 'CN-2');
select test.payee('BOB', 70, voucher => 'CN-3');
create temporary table balances_before as select * from test.balances();
create temporary table transactions_before as
select t.voucher, t.open_amount, t.open_accounting_amount, t.settled_amount, t.settled_accounting_amount
from reimbursement.customer_transactions as t;
select test.reimburse();
select test.reverse(array['RMB-00000001']);

-- The ledger.
select results_eq(
    $$ select * from test.voucher('RMB-00000001') $$,
    $$ values
    ('130100', '010', 100.00, 110.00), ('130100', '020', 40.00, 44.00), ('200100', '010', -100.00, -120.00),
    ('200100', '020', -40.00, -48.00), ('801500', '010', 0.00, 10.00), ('801500', '020', 0.00, 4.00) $$,
    'what the reimbursement posted stays');
select results_eq(
    $$ select * from test.voucher('REV-00000001') $$,
    $$ values
    ('130100', '010', -100.00, -110.00), ('130100', '020', -40.00, -44.00), ('200100', '010', 100.00, 120.00),
    ('200100', '020', 40.00, 48.00), ('801500', '010', 0.00, -10.00), ('801500', '020', 0.00, -4.00) $$,
    'the opposite is posted line by line, at the amounts of then, whatever the rate is now');
select results_eq(
    $$ select distinct posting_date, run_id from reimbursement.ledger_entries where voucher = 'REV-00000001' $$,
    $$ values ('2025-07-31'::date, test.last_run()) $$, 'on the day of the reversal, by its run');

-- The customer's side.
select results_eq(
    $$ select transaction_type, voucher::text collate "default", transaction_date, amount, accounting_amount,
        open_amount,
        open_accounting_amount, last_settled_on
    from reimbursement.customer_transactions where customer_account = 'ANN' order by customer_transaction_id $$,
    $$ values
    ('credit_note', 'CN-1', date '2025-05-01', -100.00, -110.00, -100.00, -110.00, date '2025-07-31'),
    ('credit_note', 'CN-2', '2025-05-01', -50.00, -55.00, -40.00, -44.00, '2025-07-31'),
    ('reimbursement', 'RMB-00000001', '2025-06-30', 100.00, 110.00, 0.00, 0.00, '2025-07-31'),
    ('reimbursement', 'RMB-00000001', '2025-06-30', 40.00, 44.00, 0.00, 0.00, '2025-07-31'),
    ('reversal', 'REV-00000001', '2025-07-31', -100.00, -110.00, 0.00, 0.00, '2025-07-31'),
    ('reversal', 'REV-00000001', '2025-07-31', -40.00, -44.00, 0.00, 0.00, '2025-07-31') $$,
    'the credits are open again as they were; each debit is closed by a credit of type reversal');
select results_eq(
    $$ select * from test.settlements() $$,
    $$ values
    ('RMB-00000001', 'CN-1', -100.00, -110.00, -110.00), ('RMB-00000001', 'CN-2', -40.00, -44.00, -44.00),
    ('RMB-00000001', 'REV-00000001', 100.00, 110.00, 110.00), ('RMB-00000001', 'REV-00000001', 40.00, 44.00, 44.00) $$,
    'the settlements are undone by rows of negative amount, and the debits settled with the reversal');
select is_empty(
    $$ select from reimbursement.settlements as u
    left join reimbursement.settlements as s on s.settlement_id = u.undoes_settlement_id
    where u.amount < 0 and (u.debit_transaction_id, u.credit_transaction_id, u.amount, u.debit_accounting_amount,
        u.credit_accounting_amount)
    is distinct from (s.debit_transaction_id, s.credit_transaction_id, -s.amount, -s.debit_accounting_amount,
        -s.credit_accounting_amount) $$,
    'each is the opposite of the row that it names');
select is(
    (select array_agg(distinct settled_on) from reimbursement.settlements where run_id = test.last_run()),
    array['2025-07-31'::date], 'dated on the day of the reversal');

-- The vendor's side.
select results_eq(
    $$ select transaction_type, voucher::text collate "default", invoice_number::text collate "default",
        transaction_date,
        amount, accounting_amount, open_amount, open_accounting_amount
    from reimbursement.vendor_transactions where vendor_account = 'OTV-00000001' order by vendor_transaction_id $$,
    $$ values
    ('invoice', 'RMB-00000001', 'RINV-00000001', date '2025-06-30', -140.00, -168.00, 0.00, 0.00),
    ('reversal', 'REV-00000001', 'RINV-00000001', '2025-07-31', 140.00, 168.00, 0.00, 0.00) $$,
    'the invoice is closed by a transaction of type reversal');
select results_eq(
    $$ select d.transaction_type, c.transaction_type, s.amount, s.debit_accounting_amount, s.credit_accounting_amount,
        s.settled_on
    from reimbursement.vendor_settlements as s
    inner join reimbursement.vendor_transactions as d on d.vendor_transaction_id = s.debit_transaction_id
    inner join reimbursement.vendor_transactions as c on c.vendor_transaction_id = s.credit_transaction_id $$,
    $$ values ('reversal', 'invoice', 140.00, 168.00, 168.00, date '2025-07-31') $$, 'to which a settlement ties it');
select test.pay('2025-08-31');
select is(test.payment_fate('ANN'), 'not reported', 'a cancelled invoice is not paid');
select is(test.payment_fate('BOB'), 'paid', 'another is');

-- What users read.
select results_eq(
    $$ select customer_account::text collate "default", amount, accounting_amount, payment_status,
        payment_number::text collate "default", reversed_by::text collate "default"
    from reimbursement.reimbursement_report order by reimbursement_number $$,
    $$ values
    ('ANN', 140.00, 168.00, 'cancelled', null, 'REV-00000001'), ('BOB', 70.00, 70.00, 'paid', 'PAY-00000001', null) $$,
    'the report says that it is cancelled, and by what');
select results_eq(
    $$ select voucher::text collate "default", reversed_type, reversed_voucher::text collate "default", posting_date,
        reason
    from reimbursement.reversals $$,
    $$ values ('REV-00000001', 'reimbursement', 'RMB-00000001', date '2025-07-31', 'it was a mistake') $$,
    'the reversal is a row of its own, with its reason');
select results_eq(
    $$ select kind::text collate "default", state, processed, skipped, accounting_amount, customers_reimbursed
    from reimbursement.runs where kind = 'reimbursement_reversal' $$,
    $$ values ('reimbursement_reversal', 'completed', 1::bigint, 0::bigint, 168.00, null::bigint) $$,
    'the run says how many it reversed, and their total');

-- Paid back, and reversed: every balance is as before the first run, and the next run reimburses the same.
select test.reverse_payments(array['PAY-00000001'], '2025-08-31');
select test.reverse(array['RMB-00000002'], posting_date => '2025-08-31');
select results_eq(
    $$ select payment_status, payment_number::text collate "default", paid_on, reversed_by::text collate "default",
        reversed_payments::text collate "default"
    from reimbursement.reimbursement_report where customer_account = 'BOB' $$,
    $$ values ('cancelled', null, null::date, 'REV-00000003', '{PAY-00000001}') $$,
    'once the payment came back it can be reversed, and the report says both');
select bag_eq('select * from test.balances()', 'select * from balances_before', 'every balance is as before the run');
select bag_eq(
    $$ select t.voucher, t.open_amount, t.open_accounting_amount, t.settled_amount, t.settled_accounting_amount
    from reimbursement.customer_transactions as t where t.transaction_type = 'credit_note' $$,
    'select * from transactions_before', 'every credit is as before the run');
select test.reimburse('2025-07-30');
select is(test.fate('ANN'), 'later_activity', 'before the day of the reversal the credits are not reimbursed again');
select test.reimburse('2025-08-31');
select results_eq(
    $$ select reimbursement_number::text collate "default", customer_account::text collate "default",
        vendor_account::text collate "default", invoice_number::text collate "default", amount, accounting_amount,
        payment_status
    from reimbursement.reimbursement_report where run_id = test.last_run() order by reimbursement_number $$,
    $$ values
    ('RMB-00000003', 'ANN', 'OTV-00000001', 'RINV-00000003', 140.00, 980.00, 'open'),
    ('RMB-00000004', 'BOB', 'OTV-00000002', 'RINV-00000004', 70.00, 70.00, 'open') $$,
    'from then on they are, at the new rate, under new numbers, to the same one-time vendors');
select is(
    (select count(*) from reimbursement.vendors where is_one_time), 2::bigint, 'who stayed: there are no others');
select test.reverse(run_id => test.last_run(), posting_date => '2025-08-31');
select bag_eq('select * from test.balances()', 'select * from balances_before', 'and all over again, on its own day');

-- Amounts whose accounting parts are rounded apart, or to nothing.
select test.company(legal_entity_id => 'CENTS');
select test.rate('EUR', 1.2, legal_entity_id => 'CENTS');
select test.rate('JPY', 0.004, legal_entity_id => 'CENTS');
select test.credit('ANN', 0.01, 'EUR', dimensions => jsonb_build_object('Department', d.department),
    legal_entity_id => 'CENTS')
from (values ('010'), ('020'), ('030')) as d (department);
select test.credit('ANN', 1, 'JPY', legal_entity_id => 'CENTS');
select test.credit('BOB', 1, 'EUR', accounting_amount => 0, legal_entity_id => 'CENTS');
create temporary table cents_before as select * from test.balances('CENTS');
select test.reimburse(legal_entity_id => 'CENTS');
select test.reverse(run_id => test.last_run(), legal_entity_id => 'CENTS');
select bag_eq(
    $$ select * from test.balances('CENTS') $$, 'select * from cents_before', 'not a cent is lost on the way back');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
