-- What a bank says of payments brings their statuses forward, never back, and the money follows on the ledger.
select plan(26);

select test.company();
select test.bank_account(bridging_account => '110199', ledger_account => '110120');
select test.payee('ANN', 100);
select test.payee('BOB', 70);
select test.payee('CAT', 30);
select test.reimburse();
select test.pay();

select results_eq('select * from test.statuses()',
    $$ values ('PAY-00000001', 'posted'), ('PAY-00000002', 'posted'), ('PAY-00000003', 'posted') $$,
    'a payment is posted');
create temporary table taken as
select reimbursement.release_payment_file(test.last_run()) is not null as is_taken;
select results_eq('select distinct status from test.statuses()', $$ values ('sent') $$, 'sent once its file was released');

-- A status report.
create temporary table report as
select test.status_report(
    test.file_message(), 'ACCP',
    test.payment_status('PAY-00000002', 'RJCT', 'AC04') || test.payment_status('PAY-00000003', 'PDNG')
) as content;
create temporary table imported as select reimbursement.import_bank_message(r.content) as import_id from report as r;
select results_eq('select * from test.statuses()',
    $$ values ('PAY-00000001', 'accepted'), ('PAY-00000002', 'rejected'), ('PAY-00000003', 'sent') $$,
    'the most specific level wins, and what is pending changes nothing');
select results_eq(
    $$ select import_id, concat_ws(' ', legal_entity_id, message_type, message_id) collate "default", entries, matched, exceptions
        from reimbursement.bank_messages $$,
    $$ select i.import_id, 'US01 pain.002.001.03 PSR-1', 3::bigint, 2::bigint, 0::bigint from imported as i $$,
    'the message is written down');
select is((select reimbursement.import_bank_message(r.content) from report as r), (select import_id from imported),
    'and is itself when it comes again');
select results_eq(
    $$ select concat_ws(' ', kind, state, requested_by) collate "default" from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (('payment_reversal ready ' || session_user) collate "default") $$, 'what is rejected is reversed by a run');
select test.work_off();
select results_eq(
    $$ select concat_ws(' ', payment_number, reversed_by) collate "default", reversed_on from reimbursement.vendor_payments
        where status = 'rejected' $$,
    $$ values ('PAY-00000002 REV-00000001', date '2025-07-16') $$,
    'dated on the day of the message; the status stays what the bank said');
select results_eq(
    $$ select concat_ws(' ', payment_number, status) collate "default", reason_code from reimbursement.bank_answers order by 1 $$,
    $$ values ('PAY-00000001 accepted', null), ('PAY-00000002 rejected', 'AC04') $$, 'with the reason');

-- A notification: the bank did it.
select lives_ok(
    $$ select reimbursement.import_bank_message(test.account_message(
        test.entry('100.00', test.behind('PAY-00000001')) || test.entry('1500', test.behind('SALARY-7'))
        || test.entry('12.50') || test.entry('30', test.behind('PAY-00000003'), booked_on => '2025-07-14'))) $$,
    'a notification');
select results_eq('select * from test.statuses()',
    $$ values ('PAY-00000001', 'executed'), ('PAY-00000002', 'rejected'), ('PAY-00000003', 'executed') $$,
    'what is booked is executed, accepted before or not');
select results_eq(
    $$ select entries, matched, exceptions from reimbursement.bank_messages where message_id = 'NTF-1' $$,
    $$ values (4::bigint, 2::bigint, 0::bigint) $$, 'salaries and fees are counted and left alone');
select results_eq(
    $$ select * from test.voucher('BNK-00000001') $$,
    $$ values ('110199', null, 100.00, 100.00), ('110120', null, -100.00, -100.00) $$,
    'the amount moves from the bridging account to the bank');
select results_eq(
    $$ select concat_ws(' ', voucher) collate "default", posting_date from reimbursement.ledger_entries where voucher like 'BNK%' group by 1, 2 order by 1 $$,
    $$ values ('BNK-00000001', date '2025-07-16'), ('BNK-00000002', date '2025-07-15') $$,
    'on the day of the booking, or that of the payment where that is later');

-- The statement repeats it, and says that one came back.
select lives_ok(
    $$ select reimbursement.import_bank_message(test.account_message(
        test.entry('100.00', test.behind('PAY-00000001'), state => 'BOOK')
        || test.entry('27.50', test.behind('PAY-00000003', 'AC04',
            '<Chrgs><Amt Ccy="USD">2.50</Amt></Chrgs>'), 'CRDT', state => 'BOOK', booked_on => '2025-07-17'),
        'camt.053', '02', 'STM-1', created => '2025-07-17T20:00:00Z')) $$,
    'a statement');
select results_eq('select * from test.statuses()',
    $$ values ('PAY-00000001', 'executed'), ('PAY-00000002', 'rejected'), ('PAY-00000003', 'returned') $$,
    'what is known already is no news, and what came back is returned');
select is_empty('select * from reimbursement.bank_exceptions', 'nothing of it is an exception');
select results_eq(
    $$ select * from test.voucher('BNK-00000003') $$,
    $$ values ('110120', null, 27.50, 27.50), ('618160', null, 2.50, 2.50), ('110199', null, -30.00, -30.00) $$,
    'a return moves it back to the bridging account, but for the charges');
select test.work_off();
select results_eq(
    $$ select * from test.voucher('REV-00000002') $$,
    $$ values ('200100', null, -30.00, -30.00), ('110199', null, 30.00, 30.00) $$, 'and from there it is reversed');
select results_eq(
    $$ select concat_ws(' ', ledger_account) collate "default", sum(amount) from reimbursement.ledger_entries
        where posting_type in ('bank', 'bank_charges') group by 1 order by 1 $$,
    $$ values ('110120', -102.50), ('110199', 0.00), ('618160', 2.50) $$, 'both accounts follow the statement');
select results_eq(
    $$ select concat_ws(' ', invoice_number) collate "default", payment_status from reimbursement.reimbursement_report order by 1 $$,
    $$ values ('RINV-00000001', 'paid'), ('RINV-00000002', 'open'), ('RINV-00000003', 'open') $$,
    'the invoices of what came back are open again');

-- A person reverses what the bank has executed.
select test.reverse_payments(array['PAY-00000001'], return_code => 'AC04');
select results_eq(
    $$ select * from test.voucher('REV-00000003') $$,
    $$ values ('200100', null, -100.00, -100.00), ('110120', null, 100.00, 100.00) $$,
    'a payment that was moved to the bank is taken back from there');
select is((select status from test.statuses() where payment_number = 'PAY-00000001'), 'reversed', 'and is reversed');
select lives_ok(
    $$ select reimbursement.import_bank_message(test.account_message(
        test.entry('100.00', test.behind('PAY-00000001', 'AC04'), 'CRDT', booked_on => '2025-07-30'),
        message_id => 'NTF-2', created => '2025-07-30T12:00:00Z')) $$,
    'the bank returns it after that');
select results_eq(
    $$ select concat_ws(' ', problem, payment_number) collate "default", amount from reimbursement.bank_exceptions $$,
    $$ values ('already_reversed PAY-00000001', 100.00) $$, 'which a person has to look at');

select is(
    (select string_agg(concat_ws(' ', t.step, t.reference, t.voucher, t.amount), ', ')
        from reimbursement.trace('US01', 'RMB-00000003') as t where t.step like 'bank: %' or t.step like 'payment%'),
    'payment PAY-00000003 PAY-00000003 30.00, bank: executed NTF-1 BNK-00000002 30.00, '
    'bank: returned STM-1 BNK-00000003 -30.00, payment reversal PAY-00000003 REV-00000002 -30.00',
    'the trace tells what the bank said');
select is_empty('select * from reimbursement.check_books()', 'the books are right');
select * from finish();
