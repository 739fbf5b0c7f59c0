-- What became of a reversed payment at the bank: it came back, with the bank's code, or was never sent.
select plan(37);

select test.company(), test.bank_account();
select test.vendor('Z-CHECK', method_of_payment => 'CHECK');
select test.payee('ANN', 10), test.payee('BOB', 20), test.payee('CAT', 30), test.payee('DAN', 40);
select test.payee('EVE', 50, vendor_account => 'Z-CHECK', iban => null);
select test.payee('FAY', 60, vendor_account => 'Z-CHECK', iban => null);
select test.reimburse();
select test.pay();

-- Of a payment in a bank file one of the two is said.
select throws_ok(
    format($$ select reimbursement.enqueue_payment_reversal('US01', 'why', %s) $$, a.arguments), 'RB064', a.message,
    format('refused: %s', a.arguments))
from (
    values
    ($$array['PAY-00000001'], '2025-07-20'$$,
        'these payments are in a bank file and might be paid twice: PAY-00000001'),
    ($$array['PAY-00000002', 'PAY-00000001', 'PAY-00000005'], '2025-07-20'$$,
        'these payments are in a bank file and might be paid twice: PAY-00000001, PAY-00000002'),
    ($$array['PAY-00000001'], '2025-07-20', 'AC04', true$$,
        'return_code is "AC04" and not_sent is true: what came back was sent'),
    ($$array['PAY-00000001'], '2025-07-20', 'ac04'$$,
        'return_code "ac04" is no reason of ISO 20022: four characters of A-Z and 0-9'),
    ($$array['PAY-00000001'], '2025-07-20', 'AC4'$$, null), ($$array['PAY-00000001'], '2025-07-20', 'AC041'$$, null),
    ($$array['PAY-00000001'], '2025-07-20', ''$$, null),
    ($$array['PAY-00000005'], '2025-07-20', 'AC04', true$$, null)
) as a (arguments, message);
select throws_ok(
    $$ select reimbursement.enqueue_payment_reversal(
        'US01', 'why', array['PAY-00000001'], '2025-07-20', not_sent => null) $$,
    'RB006', null, 'NULL is not false');

-- The preview says the same, a row a payment.
create function pg_temp.preview(return_code text default null, not_sent boolean default false)
returns table (payment_number text, skip_reason text)
language sql
as $$
    select p.payment_number, p.skip_reason
    from reimbursement.preview_payment_reversal(
        'US01', null, array['PAY-00000006', 'PAY-00000001', 'PAY-00000001'], posting_date => '2025-07-20',
        return_code => preview.return_code, not_sent => preview.not_sent) as p
$$;
select results_eq(
    'select * from pg_temp.preview()', $$ values ('PAY-00000001', 'in_bank_file'), ('PAY-00000006', null) $$,
    'the preview says which payment might be paid twice');
select results_eq(
    $$ select * from pg_temp.preview('AC04') $$, $$ values ('PAY-00000001', null), ('PAY-00000006', null) $$,
    'with a code it is none');
select results_eq(
    'select * from pg_temp.preview(not_sent => true)', $$ values ('PAY-00000001', null), ('PAY-00000006', null) $$,
    'nor where it was not sent');
select throws_ok($$ select * from pg_temp.preview('AC04', true) $$, 'RB064', null, 'both are refused');
select results_eq(
    $$ select vendor_account, vendor_name, currency, amount, accounting_amount, bank_account, invoice_numbers
    from reimbursement.preview_payment_reversal('US01', null, array['PAY-00000002'], posting_date => '2025-07-20') $$,
    $$ values ('OTV-00000002', 'Customer BOB', 'USD', 20.00, 20.00, 'BANK', array['RINV-00000002']) $$,
    'it has what would be taken back, and which invoices are open again then');
select throws_ok(
    $$ select * from reimbursement.preview_payment_reversal(
        'US01', null, array['PAY-00000099'], posting_date => '2025-07-20') $$,
    'RB025', null, 'what is no payment is an error');
select throws_ok(
    $$ select * from reimbursement.preview_payment_reversal(
        'US01', null, '{}', posting_date => '2025-07-20') $$, 'RB007', null,
    'and so is none');
select throws_ok(
    $$ select * from reimbursement.preview_payment_reversal(
        'US01', null, array['PAY-00000001'], posting_date => '2025-07-14') $$,
    'RB026', null, 'and a day before the payment');
set default_transaction_read_only = on;
select lives_ok('select * from pg_temp.preview()', 'it works in a read-only transaction');
reset default_transaction_read_only;

-- It is kept, and shown.
select test.reverse_payments(array['PAY-00000001'], return_code => 'AC04');
select test.reverse_payments(array['PAY-00000002', 'PAY-00000005']);
select test.run_to_the_end(reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000006'], '2025-07-20'));
select results_eq(
    $$ select reversed_voucher::text collate "default", return_code, not_sent, is_rejection, in_bank_file
    from reimbursement.reversals order by 1 $$,
    $$ values
    ('PAY-00000001', 'AC04', false, false, true), ('PAY-00000002', null, true, false, true),
    ('PAY-00000005', null, true, false, false), ('PAY-00000006', null, false, false, false) $$,
    'a reversal says whether the payment came back, and why, or was never sent');
select results_eq(
    $$ select payment_number::text collate "default", return_code from reimbursement.vendor_payments
    where status <> 'posted' order by 1 $$,
    $$ values ('PAY-00000001', 'AC04'), ('PAY-00000002', null), ('PAY-00000005', null), ('PAY-00000006', null) $$,
    'so do the payments');
select is(
    (select r.return_codes from reimbursement.reimbursement_report as r where r.customer_account = 'ANN'),
    array['AC04'], 'and the report');
select results_eq(
    $$ select t.note from unnest(array['PAY-00000001', 'PAY-00000002', 'PAY-00000006']) as p (number)
    cross join lateral reimbursement.trace('US01', p.number) as t
    where t.step = 'payment reversal' order by p.number $$,
    $$ values ('AC04'), ('not sent'), (null) $$, 'and the trace');
select is(
    (select count(*) from reimbursement.trace('US01', 'ANN') as t where t.note is not null), 1::bigint,
    'no other step has a note');
select results_eq(
    $$ select payment_number, skip_reason from reimbursement.preview_payment_reversal(
        'US01', null, array['PAY-00000001', 'PAY-00000003'], posting_date => '2025-07-20', return_code => 'AC04') $$,
    $$ values ('PAY-00000001', 'already_reversed'), ('PAY-00000003', null) $$,
    'what was reversed is shown with its reason');
select results_eq(
    $$ select payment_number, skip_reason from reimbursement.preview_payment_reversal(
        'US01', null, array['PAY-00000001'], posting_date => '2025-07-20') $$,
    $$ values ('PAY-00000001', 'already_reversed') $$, 'alone, too');
select throws_ok(
    $$ update reimbursement.reversals set return_code = 'AC01' $$, 'RB015', null, 'nobody changes it');

-- Each payment has its own code where the bank's message has one for each.
select reimbursement.enqueue_run(
    'US01', 'payment_reversal', '2025-07-20',
    '{"reason": "returned", "payment_numbers": ["PAY-00000003", "PAY-00000004"], "rejected": ["PAY-00000004"],
        "return_codes": {"PAY-00000003": "MS03", "PAY-00000004": "AC01"}}',
    '{}', null, now(), 0, 5, 'default', null) as run \gset
select test.run_to_the_end(:run);
select results_eq(
    $$ select reversed_voucher::text collate "default", return_code, is_rejection from reimbursement.reversals
    where run_id = test.last_run() order by 1 $$,
    $$ values ('PAY-00000003', 'MS03', false), ('PAY-00000004', 'AC01', true) $$, 'which the reversals keep');
select is(
    (select t.note from reimbursement.trace('US01', 'PAY-00000004') as t where t.step = 'payment reversal'),
    'rejected AC01', 'and what was rejected is said to be');
select test.pay('2025-07-20');
select is(test.payment_fate(f.account), f.fate, format('%s is %s', f.account, f.fate))
from (
    values
    ('ANN', 'returned_to_same_account'), ('BOB', 'paid'), ('CAT', 'returned_to_same_account'),
    ('DAN', 'returned_to_same_account'), ('EVE', 'paid')
) as f (account, fate);

-- A run that has not written its file: nothing was sent, and so nothing came back; when it has, it must be said.
select test.company(legal_entity_id => 'US02'), test.bank_account(legal_entity_id => 'US02');
select test.payee('ANN', 10, legal_entity_id => 'US02'), test.payee('BOB', 20, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
select reimbursement.enqueue_vendor_payment('US02', '2025-07-15', batches => 2) as run \gset
select * from reimbursement.claim_jobs('test', 1) \gset job_
select reimbursement.execute_job('US02', :job_job_id, 1);
select throws_ok(
    $$ select reimbursement.enqueue_payment_reversal('US02', 'why', array['PAY-00000001'], '2025-07-20', 'AC04') $$,
    'RB064', 'these payments cannot have come back, for no bank file has them: PAY-00000001',
    'what was never sent cannot have come back');
select is(
    (select p.skip_reason from reimbursement.preview_payment_reversal(
        'US02', null, array['PAY-00000001'], posting_date => '2025-07-20', return_code => 'AC04') as p), 'never_sent',
    'which the preview says');
select reimbursement.enqueue_payment_reversal(
    'US02', 'why', array['PAY-00000001'], '2025-07-20', run_at => now() + interval '1 hour',
    max_attempts => 1) as late \gset
select test.work_off();
update reimbursement.jobs set run_at = now() where state = 'scheduled';
select throws_ok(
    'select test.work_off()', 'RB064', 'these payments are in a bank file and might be paid twice: PAY-00000001',
    'a reversal that comes after the file is refused, too');
select is(
    (select count(*) from reimbursement.reversals where legal_entity_id = 'US02'), 0::bigint, 'with nothing written');

select test.require_right_books();

select * from finish();
