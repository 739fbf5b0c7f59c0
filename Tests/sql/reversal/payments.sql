-- A payment that bounced is taken back: the opposite of what it posted, and its invoices are open again.
select plan(35);

-- A payment of two invoices in EUR, owed at 1.2 and 1.1 and paid at 1.15, and a check.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR', bridging_account => '110199');
select test.rate('EUR', 1.2);
select test.rate('EUR', 1.1, '2025-07-01');
select test.rate('EUR', 1.15, '2025-07-15');
select test.rate('EUR', 7, '2025-07-20');
select test.payee('ANN', 100, 'EUR', dimensions => '{"Department": "010"}');
select test.vendor('V-BOB', method_of_payment => 'CHECK');
select test.payee('BOB', 70, vendor_account => 'V-BOB', iban => null);
select test.reimburse();
select test.credit('ANN', 50, 'EUR', dimensions => '{"Department": "020"}');
select test.reimburse('2025-07-01');
create temporary table balances_before as select * from test.balances();
create temporary table vendor_transactions_before as
select t.invoice_number, t.open_amount, t.open_accounting_amount from reimbursement.vendor_transactions as t;
select test.pay(pay_per => 'vendor');
create temporary table files_before as select f.* from reimbursement.payment_files as f;
select test.reverse_payments(array['PAY-00000001']);

-- The ledger.
select results_eq(
    $$ select * from test.voucher('PAY-00000001') $$,
    $$ values
    ('200100', '010', 100.00, 120.00), ('200100', '020', 50.00, 55.00), ('110199', null, -150.00, -172.50),
    ('801400', null, 0.00, -2.50) $$,
    'what the payment posted stays');
select results_eq(
    $$ select * from test.voucher('REV-00000001') $$,
    $$ values
    ('200100', '010', -100.00, -120.00), ('200100', '020', -50.00, -55.00), ('110199', null, 150.00, 172.50),
    ('801400', null, 0.00, 2.50) $$,
    'the opposite is posted line by line, at the payment''s own amounts, whatever the rate is now');
select results_eq(
    $$ select distinct posting_date, run_id from reimbursement.ledger_entries where voucher = 'REV-00000001' $$,
    $$ values ('2025-07-20'::date, test.last_run()) $$, 'on the day of the reversal, by its run');

-- The vendor's side.
select results_eq(
    $$ select transaction_type, voucher::text collate "default", invoice_number::text collate "default",
        transaction_date,
        amount, accounting_amount, open_amount, open_accounting_amount, last_settled_on
    from reimbursement.vendor_transactions where vendor_account = 'OTV-00000001' order by vendor_transaction_id $$,
    $$ values
    ('invoice', 'RMB-00000001', 'RINV-00000001', date '2025-06-30', -100.00, -120.00, -100.00, -120.00,
        date '2025-07-20'),
    ('invoice', 'RMB-00000003', 'RINV-00000003', '2025-07-01', -50.00, -55.00, -50.00, -55.00, '2025-07-20'),
    ('payment', 'PAY-00000001', null, '2025-07-15', 150.00, 172.50, 0.00, 0.00, '2025-07-20'),
    ('reversal', 'REV-00000001', null, '2025-07-20', -150.00, -172.50, 0.00, 0.00, '2025-07-20') $$,
    'the invoices are open again in both currencies; the payment is closed by a transaction of type reversal');
select results_eq(
    $$ select d.voucher::text collate "default", c.voucher::text collate "default", s.amount, s.debit_accounting_amount,
        s.credit_accounting_amount, s.settled_on, s.undoes_vendor_settlement_id is not null
    from reimbursement.vendor_settlements as s
    inner join reimbursement.vendor_transactions as d on d.vendor_transaction_id = s.debit_transaction_id
    inner join reimbursement.vendor_transactions as c on c.vendor_transaction_id = s.credit_transaction_id
    where s.run_id = test.last_run()
    order by c.voucher $$,
    $$ values
    ('PAY-00000001', 'REV-00000001', 150.00, 172.50, 172.50, date '2025-07-20', false),
    ('PAY-00000001', 'RMB-00000001', -100.00, -115.00, -120.00, '2025-07-20', true),
    ('PAY-00000001', 'RMB-00000003', -50.00, -57.50, -55.00, '2025-07-20', true) $$,
    'its settlements are undone by rows of negative amount, and it is settled with its reversal');
select is_empty(
    $$ select from reimbursement.vendor_settlements as u
    inner join reimbursement.vendor_settlements as s
        on s.vendor_settlement_id = u.undoes_vendor_settlement_id
    where (u.debit_transaction_id, u.credit_transaction_id, u.amount, u.debit_accounting_amount,
        u.credit_accounting_amount)
    <> (s.debit_transaction_id, s.credit_transaction_id, -s.amount, -s.debit_accounting_amount,
        -s.credit_accounting_amount) $$,
    'each is the opposite of the row that it names');

-- What users read.
select results_eq(
    $$ select payment_number::text collate "default", status, reversed_by::text collate "default", reversed_on,
        reversal_reason, amount
    from reimbursement.vendor_payments order by payment_number $$,
    $$ values
    ('PAY-00000001', 'reversed', 'REV-00000001', date '2025-07-20', 'it bounced', 150.00),
    ('PAY-00000002', 'posted', null, null, null, 70.00) $$,
    'the payment says that it was reversed, by what, when and why; the other stands');
select results_eq(
    $$ select customer_account::text collate "default", payment_status, payment_number::text collate "default", paid_on,
        reversed_payments::text collate "default", reversed_by::text collate "default"
    from reimbursement.reimbursement_report order by reimbursement_number $$,
    $$ values
    ('ANN', 'open', null, null, '{PAY-00000001}', null), ('BOB', 'paid', 'PAY-00000002', date '2025-07-15', null, null),
    ('ANN', 'open', null, null, '{PAY-00000001}', null) $$,
    'the reimbursements are open again, and say which payment came back');
select results_eq(
    $$ select kind::text collate "default", state, processed, skipped, accounting_amount, customers_reimbursed
    from reimbursement.runs where run_id = test.last_run() $$,
    $$ values ('payment_reversal', 'completed', 1::bigint, 0::bigint, 172.50, null::bigint) $$,
    'the run says how many payments it took back, and their total');
select results_eq(
    $$ select voucher::text collate "default", reversed_type, reversed_voucher::text collate "default", posting_date,
        reason
    from reimbursement.reversals $$,
    $$ values ('REV-00000001', 'payment', 'PAY-00000001', date '2025-07-20', 'it bounced') $$,
    'the reversal is a row of its own');
select is_empty(
    $$ (select * from reimbursement.payment_files except select * from files_before)
    union all (select * from files_before except select * from reimbursement.payment_files) $$,
    'the bank file stays as it was');

-- Taken back wholly, everything is as before the payment.
select test.reverse_payments(array['PAY-00000002'], '2025-07-15');
select bag_eq('select * from test.balances()', 'select * from balances_before',
    'a payment may come back on its own day');
select bag_eq(
    $$ select t.invoice_number, t.open_amount, t.open_accounting_amount from reimbursement.vendor_transactions as t
    where t.transaction_type = 'invoice' $$,
    'select * from vendor_transactions_before', 'when all came back every balance and every invoice is as before');

-- And is paid again, with new numbers, at the rate of the day.
select test.pay('2025-07-20');
select results_eq(
    $$ select payment_number::text collate "default", currency, amount, accounting_amount,
        invoice_numbers[1]::text collate "default"
    from reimbursement.vendor_payments where run_id = test.last_run() order by payment_number $$,
    $$ values
    ('PAY-00000003', 'EUR', 100.00, 700.00, 'RINV-00000001'), ('PAY-00000004', 'EUR', 50.00, 350.00, 'RINV-00000003'),
    ('PAY-00000005', 'USD', 70.00, 70.00, 'RINV-00000002') $$,
    'the invoices are paid once more, by new payments');
select results_eq(
    $$ select customer_account::text collate "default", payment_status, payment_number::text collate "default", paid_on,
        reversed_payments::text collate "default"
    from reimbursement.reimbursement_report order by reimbursement_number $$,
    $$ values
    ('ANN', 'paid', 'PAY-00000003', date '2025-07-20', '{PAY-00000001}'),
    ('BOB', 'paid', 'PAY-00000005', '2025-07-20', '{PAY-00000002}'),
    ('ANN', 'paid', 'PAY-00000004', '2025-07-20', '{PAY-00000001}') $$,
    'the report says so, and which came back before');
select test.reverse_payments(array['PAY-00000003', 'PAY-00000005'], '2025-07-25');
select test.pay('2025-07-25');
select test.reverse_payments(
    array(
        select p.payment_number from reimbursement.vendor_payments as p
        where p.status = 'posted' order by p.payment_number
    ), '2025-07-25');
select bag_eq(
    'select * from test.balances()', 'select * from balances_before',
    'back and forth as often as it takes, every balance is as before');
select is(
    (select r.reversed_payments::text from reimbursement.reimbursement_report as r where r.customer_account = 'BOB'),
    '{PAY-00000002,PAY-00000005,PAY-00000007}', 'the report knows all that came back');
select is(
    (select array_agg(v.voucher order by v.voucher) from reimbursement.reversals as v)::text,
    '{REV-00000001,REV-00000002,REV-00000003,REV-00000004,REV-00000005,REV-00000006,REV-00000007}',
    'reversals are numbered without gaps');

-- In another period; and while the vendor is on hold, which keeps it from being paid, not from giving back.
select test.pay('2025-07-25', vendor_filter => 'V-BOB');
update reimbursement.vendors set hold = 'all' where vendor_account = 'V-BOB';
update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01';
select test.reverse_payments(array['PAY-00000008'], '2026-01-02');
select is(
    (select distinct posting_date from reimbursement.ledger_entries where run_id = test.last_run()), '2026-01-02'::date,
    'what was paid in a closed period comes back in an open one');
select is(
    (select r.payment_status from reimbursement.reimbursement_report as r where r.customer_account = 'BOB'), 'open',
    'though its vendor is on hold');
update reimbursement.ledger_periods set is_open = true;

-- A number that is given twice, several batches, and no posting date.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.payee(format('C%s', i), i, legal_entity_id => 'US02') from generate_series(1, 8) as i;
select test.reimburse(legal_entity_id => 'US02');
select test.pay(legal_entity_id => 'US02');
select test.reverse_payments(
    array['PAY-00000001', 'PAY-00000001', 'PAY-00000003', 'PAY-00000005', 'PAY-00000008', 'PAY-00000003'], batches => 3,
    legal_entity_id => 'US02');
select is(
    (select sum(j.processed) from reimbursement.jobs as j where j.run_id = test.last_run()), 4::bigint,
    'a number that is given twice is one payment');
select is(
    (select count(*) from reimbursement.jobs as j where j.run_id = test.last_run() and j.processed > 0), 3::bigint,
    'in batches, each payment is in one');
select is(
    (select array_agg(p.payment_number order by p.payment_number) from reimbursement.vendor_payments as p
    where p.legal_entity_id = 'US02' and p.status = 'reversed')::text,
    '{PAY-00000001,PAY-00000003,PAY-00000005,PAY-00000008}', 'those that are named come back, and no others');
select is(
    (select sum(b.amount) from test.balances('US02') as b where b.account like 'vendor %'), -17.00,
    'and are owed again: 1, 3, 5 and 8');
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
values ('US02', '2027-01-01', '2099-12-31');
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati' where legal_entity_id = 'US02';
select reimbursement.enqueue_payment_reversal(
    'US02', 'returned', array['PAY-00000002'], return_code => 'MD07') as run_id \gset
select is(
    (select posting_date from reimbursement.runs where run_id = :run_id),
    (now() at time zone 'Pacific/Kiritimati')::date, 'no posting date is today in the legal entity''s time zone');
select test.run_to_the_end(:run_id);
select is(
    (select reason from reimbursement.reversals where run_id = :run_id), 'returned', 'with the reason that was given');

-- A run in two batches, of which the second fails at first: the payment of the first comes back before there is a file.
create function pg_temp.half_paid(legal_entity_id text) returns bigint
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    perform test.company(legal_entity_id => half_paid.legal_entity_id);
    perform test.bank_account(legal_entity_id => half_paid.legal_entity_id);
    perform test.payee('ANN', 10, legal_entity_id => half_paid.legal_entity_id);
    perform test.payee('BOB', 20, legal_entity_id => half_paid.legal_entity_id);
    perform test.reimburse(legal_entity_id => half_paid.legal_entity_id);
    v_run_id := reimbursement.enqueue_vendor_payment(half_paid.legal_entity_id, '2025-07-15', batches => 2);
    perform reimbursement.fail_job(c.legal_entity_id, c.job_id, 1, 'failed', '23514', 'it broke')
    from reimbursement.claim_jobs('test', 2) as c
    inner join reimbursement.jobs as j on j.legal_entity_id = c.legal_entity_id and j.job_id = c.job_id and j.batch = 2;
    perform reimbursement.execute_job(j.legal_entity_id, j.job_id, 1)
    from reimbursement.jobs as j where j.run_id = v_run_id and j.state = 'running';
    return v_run_id;
end
$$;
select pg_temp.half_paid('US03') as run_id \gset
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'US03');
select reimbursement.retry_run(:run_id);
select test.run_to_the_end(:run_id);
select is(
    (select array_agg(distinct f.control_sum) from reimbursement.payment_files as f where f.run_id = :run_id),
    array[20.00],
    'a payment that came back before the bank file was written is not in it');
select is(
    (select count(*) from reimbursement.payment_files as f
    where f.run_id = :run_id and f.content ~ 'PAY-00000001'), 0::bigint, 'by no number');
select pg_temp.half_paid('US04') as run_id \gset
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'US04');
update reimbursement.vendors set hold = 'payment' where legal_entity_id = 'US04';
select reimbursement.retry_run(:run_id);
select test.run_to_the_end(:run_id);
select is_empty(
    format('select from reimbursement.payment_files where run_id = %s', :run_id),
    'when nothing else is paid there is no file');

-- What was reversed stays.
select throws_ok(
    format('%s reimbursement.%s', c.change, c.name), 'RB015', null, format('a reversal stays: %s %s', c.change, c.name))
from (
    values
    ('delete from', 'reversals'), ('truncate', 'reversals'), ('update', $$reversals set reason = 'X'$$),
    ('delete from', 'vendor_settlements'),
    ('update', 'vendor_transactions set settled_amount = amount / 2 where open_amount <> 0')
) as c (change, name);

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
