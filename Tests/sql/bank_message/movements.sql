-- Where the money is: what is moved, moved back and taken back, in whatever order the bank tells of it.
select plan(17);

select test.company();
select test.bank_account(bridging_account => '110199', ledger_account => '110120');
select test.bank_account('AT-ONCE', 'USD', iban => 'NL91ABNA0417164300', ledger_account => '110130', is_default => false);
select test.payee(c, 10, iban => 'FR1420041010050500013M02606') from unnest(array['ANN', 'BOB', 'CAT', 'DAN', 'EVE']) as c;
select test.reimburse();
select test.pay(vendor_filter => '<OTV-00000005');

-- What the bank's accounts have come to in the ledger.
create function test.bank_ledger() returns text
language sql
as $$
    select string_agg(concat_ws(' ', l.ledger_account, l.amount), ', ' order by l.ledger_account)
    from (
        select e.ledger_account, sum(e.amount) as amount
        from reimbursement.ledger_entries as e
        where e.posting_type in ('bank', 'bank_charges') and e.legal_entity_id = 'US01'
        group by e.ledger_account
    ) as l
$$;

-- Executed by a report alone: nothing has moved.
select reimbursement.import_bank_message(test.status_report(test.file_message(), of_payments =>
    test.payment_status('PAY-00000001', 'ACSC') || test.payment_status('PAY-00000002', 'ACCC')));
select is(test.bank_ledger(), '110199 -40.00', 'a report that says executed moves nothing');
select throws_ok(
    $$ select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000001'], posting_date => '2025-07-20',
        not_sent => true) $$,
    'RB064', 'the bank has answered, so that these payments were sent: PAY-00000001 is executed',
    'what the bank has executed was sent');
select test.reverse_payments(array['PAY-00000001'], return_code => 'AC04');
select is(test.bank_ledger(), '110199 -30.00', 'and it is taken back from the bridging account');
select is(
    test.exceptions(reimbursement.import_bank_message(test.account_message(
            test.entry('10', test.behind('PAY-00000001')) || test.entry('10', test.behind('PAY-00000002'))))),
    'already_reversed PAY-00000001', 'a statement that books it after that is an exception');
select is(test.bank_ledger(), '110120 -10.00, 110199 -20.00', 'the other moves, though its status was known');
select is((select string_agg(a.is_news::text, ' ') from reimbursement.bank_answers as a where a.import_id = 2
    and a.payment_number = 'PAY-00000002'), 'false', 'which is no news');

-- A return that comes before the debit.
select reimbursement.import_bank_message(test.account_message(
    test.entry('9', test.behind('PAY-00000003', 'AC01', '<Chrgs><Rcrd><Amt Ccy="USD">1</Amt></Rcrd></Chrgs>'), 'CRDT'),
    message_id => 'NTF-2'));
select is(test.bank_ledger(), '110120 -11.00, 110199 -20.00, 618160 1.00',
    'a return of what had not moved posts its charges alone');
select test.work_off();
select reimbursement.import_bank_message(test.account_message(
    test.entry('10', test.behind('PAY-00000003')), 'camt.053', message_id => 'STM-2'));
select is(test.bank_ledger(), '110120 -11.00, 110199 -10.00, 618160 1.00',
    'its debit, told of later, and the return leave the accounts as they are');
select is((select status from test.statuses() where payment_number = 'PAY-00000003'), 'returned', 'returned it stays');
select is_empty('select * from reimbursement.bank_exceptions where import_id > 2', 'and it is no exception');

-- Debit and return in one statement.
select reimbursement.import_bank_message(test.account_message(
    test.entry('10', test.behind('PAY-00000004')) || test.entry('10', test.behind('PAY-00000004', 'AC01'), 'CRDT'),
    'camt.053', message_id => 'STM-3'));
select test.work_off();
select is(test.bank_ledger(), '110120 -11.00, 110199 0.00, 618160 1.00', 'one statement tells of both');

-- An account that is credited at once.
select test.pay(vendor_filter => 'OTV-00000005', bank_account => 'AT-ONCE');
select reimbursement.import_bank_message(test.account_message(
    test.entry('10', test.behind('PAY-00000005')), message_id => 'NTF-5', iban => 'NL91ABNA0417164300'));
select is((select status from test.statuses() where payment_number = 'PAY-00000005'), 'executed', 'executed');
select is((select voucher from reimbursement.bank_answers where payment_number = 'PAY-00000005'), null,
    'without a voucher: the bank''s account had been credited at once');

-- The account of a statement is the one that the file is paid from.
select is(
    test.exceptions(reimbursement.import_bank_message(test.account_message(
            test.entry('10.00', test.behind('PAY-00000005')) || test.entry('10.00', test.batch(test.file_message('AT-ONCE') || '-1')), message_id => 'NTF-6'))),
    'account_differs PAY-00000005, account_differs ' || test.file_message('AT-ONCE') || '-1', 'a payment and a batch of another account of ours');

-- One bank account of two legal entities.
select test.company(legal_entity_id => 'US02');
select test.bank_account('SHARED', legal_entity_id => 'US02', iban => 'NL91 ABNA 0417 1643 00');
select test.payee(c, 10, legal_entity_id => 'US02', iban => 'FR1420041010050500013M02606')
from unnest(array['ANN', 'BOB', 'CAT', 'DAN', 'EVE']) as c;
select test.reimburse(legal_entity_id => 'US02');
select test.pay(legal_entity_id => 'US02');
select is(
    test.exceptions(reimbursement.import_bank_message(test.account_message(
            test.entry('10.00', test.behind('PAY-00000005')) || test.entry('10.00', test.behind('PAY-00000004')),
            message_id => 'NTF-7', iban => 'NL91ABNA0417164300'))),
    'payment_found_twice PAY-00000005', 'two payments bear the number, and both are of that account');
select is((select status from test.statuses('US02') where payment_number = 'PAY-00000004'), 'executed',
    'one of which there is one alone is found');
select is_empty('select * from reimbursement.check_books()', 'the books are right');
select * from finish();
