-- Nothing is posted on a guess: what cannot be told for sure a person looks at, and the rest of the message is taken.
select plan(49);

select test.company();
select test.bank_account(bridging_account => '110199');
select test.bank_account('EURO', 'EUR', iban => 'DE89370400440532013000', bridging_account => '110198');
select test.rate('EUR', 1.1);
select test.payee(c, 10 * n, iban => 'FR1420041010050500013M02606')
from unnest(array['ANN', 'BOB', 'CAT', 'DAN', 'EVE', 'FAY', 'GUS', 'HAL']) with ordinality as x (c, n);
select test.payee('IDA', 90, 'EUR', iban => 'FR1420041010050500013M02606');
select test.reimburse();
select test.pay();
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02', iban => 'GB33BUKB20201555555555');
select test.payee('ANN', 10, legal_entity_id => 'US02', iban => 'FR1420041010050500013M02606');
select test.reimburse(legal_entity_id => 'US02');
select test.pay(legal_entity_id => 'US02');

-- IDA is paid first by vendor account and currency: PAY-00000009 is the payment in euros.
create temporary table payments as select p.* from reimbursement.vendor_payments as p;
create temporary table mixed as
select reimbursement.import_bank_message(test.account_message(
    test.entry('10.00', test.behind('PAY-00000001'))
    || test.entry('20.01', test.behind('PAY-00000002'))
    || test.entry('30.00', test.behind('PAY-00000003'), currency => 'EUR')
    || test.entry('4O.00', test.behind('PAY-00000004'))
    || test.entry('50.00', test.behind('PAY-00000005'), state => '<Cd>PDNG</Cd>')
    || test.entry('60.00', test.behind('PAY-00000006'), booked_on => '2025-02-30')
    || test.entry('70.00', test.behind('PAY-00000007'), 'CRDT')
    || test.entry('1.00', test.behind('PAY-00000077'))
    || test.entry('90.00', test.behind('PAY-00000009'))
    || test.entry('10000000000', test.behind('SALARIES'))
    || test.entry('10.00', test.behind('PAY-1'))
    )) as import_id;
select is(test.exceptions(m.import_id),
    'amount_differs PAY-00000002, currency_differs PAY-00000003, amount_is_no_number PAY-00000004, '
    'not_booked PAY-00000005, date_is_wrong PAY-00000006, credit_is_no_return PAY-00000007, '
    'payment_not_found PAY-00000077, account_differs PAY-00000009', 'each has its reason')
from mixed as m;
select results_eq('select * from test.statuses()',
    $$ select 'PAY-0000000' || n, case n when 1 then 'executed' else 'posted' end from generate_series(1, 9) as n $$,
    'the rest of the message is taken');
select results_eq(
    $$ select entries, matched, exceptions from reimbursement.bank_messages as b, mixed as m where b.import_id = m.import_id $$,
    $$ values (11::bigint, 1::bigint, 8::bigint) $$, 'and counted');
select is((select count(*) from reimbursement.ledger_entries where voucher like 'BNK%'), 2::bigint,
    'nothing else is posted');
select is((select count(*) from test.statuses('US02') where status <> 'posted'), 0::bigint,
    'the other legal entity has a payment of the same number, and is not meant');

-- Statuses that contradict each other; the first counts.
create temporary table file as select test.file_message() as message_id;
select is(test.exceptions(reimbursement.import_bank_message(test.status_report(f.message_id, of_payments =>
    test.payment_status('PAY-00000001', 'ACSP') || test.payment_status('PAY-00000001', 'ACSC')
    || test.payment_status('PAY-00000001', 'RJCT', 'AC04')
    || test.payment_status('PAY-00000002', 'RJCT', 'MS03') || test.payment_status('PAY-00000002', 'ACCP')
    || test.payment_status('PAY-00000003', 'ACCP', amount => '30.00')
    || test.payment_status('PAY-00000004', 'ACCP', amount => '41.00')
    || test.payment_status('PAY-00000099', 'ACCP')))),
    'status_contradicts PAY-00000001, status_contradicts PAY-00000002, amount_differs PAY-00000004, '
    'payment_not_found PAY-00000099', 'accepted after executed is none; rejected after executed and back is')
from file as f;
select test.work_off();
select results_eq('select * from test.statuses() limit 4',
    $$ values ('PAY-00000001', 'executed'), ('PAY-00000002', 'rejected'), ('PAY-00000003', 'accepted'),
    ('PAY-00000004', 'posted') $$, 'the statuses go forward');
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('20.00', test.behind('PAY-00000002')), message_id => 'NTF-2'))),
    'status_contradicts PAY-00000002', 'executed after rejected is an exception');
select is(test.exceptions(reimbursement.import_bank_message(test.status_report(f.message_id, 'RJCT', message_id => 'PSR-2',
    of_payments => test.payment_status('PAY-00000003', 'ACCP')))),
    'status_contradicts PAY-00000001', 'a file that is rejected as a whole, of which one was executed')
from file as f;
select is((select string_agg(status, ' ' order by payment_number) from test.statuses()),
    'executed rejected accepted rejected rejected rejected rejected rejected posted',
    'all that nothing was said of apart, and of this account');
select test.work_off();
select is((select count(*) from reimbursement.vendor_payments where reversed_by is not null), 6::bigint,
    'those are reversed');

-- Batches.
select test.pay('2025-07-20');
delete from file;
insert into file select test.file_message();
select is((select string_agg(payment_number || ' ' || amount, ', ' order by payment_number)
    from reimbursement.vendor_payments where run_id = test.last_run()),
    'PAY-00000010 20.00, PAY-00000011 40.00, PAY-00000012 50.00, PAY-00000013 60.00, PAY-00000014 70.00, '
    'PAY-00000015 80.00', 'what was rejected is paid again');
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('319.99', test.batch(f.message_id || '-1')), message_id => 'NTF-3'))),
    'amount_differs ' || f.message_id || '-1', 'a batch has to come to what its payments come to')
from file as f;
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('320.00', test.batch(f.message_id || '-7')), message_id => 'NTF-4'))),
    'payment_not_found ' || f.message_id || '-7', 'a batch that is not in the file')
from file as f;
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('320.00', test.batch(f.message_id || '-1'), state => '<Cd>PDNG</Cd>'), message_id => 'NTF-4A'))),
    'not_booked ' || f.message_id || '-1', 'a batch that is not booked yet is one exception')
from file as f;
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('320.00', test.batch(f.message_id || '-1'), currency => 'EUR'), message_id => 'NTF-4B',
    iban => 'DE89370400440532013000'))),
    'account_differs ' || f.message_id || '-1', 'and so is one that another account is charged with')
from file as f;
select is(test.exceptions(reimbursement.import_bank_message(test.status_report(f.message_id, message_id => 'PSR-3',
    of_payments => test.payment_status('PAY-00000010', 'RJCT', 'AC01')))), null, 'one of it is rejected')
from file as f;
create temporary table batch as
select test.account_message(
    test.entry('300.00', test.batch(f.message_id || '-1'), booked_on => '2025-07-21'), message_id => 'NTF-5',
    created => '2025-07-21T08:00:00+02:00') as content
from file as f;
select is(test.exceptions(reimbursement.import_bank_message(b.content)), null, 'and the bank books what still stands')
from batch as b;
select results_eq(
    $$ select * from test.voucher('BNK-00000002') $$,
    $$ values ('110199', null, 300.00, 300.00), ('110110', null, -300.00, -300.00) $$, 'in one voucher');
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('300.00', test.batch(f.message_id || '-1'), booked_on => '2025-07-21'), 'camt.053', '02', 'STM-5',
    created => '2025-07-21T20:00:00Z'))), null,
    'a statement repeats it')
from file as f;
select is((select count(distinct voucher) from reimbursement.ledger_entries where voucher like 'BNK%'), 2::bigint,
    'and moves nothing again');
select test.work_off();
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('40.00', test.behind('PAY-00000011', 'AC04'), 'CRDT', booked_on => '2025-07-22')
    || test.entry('48', test.behind('PAY-00000012', 'AC04'), 'CRDT', booked_on => '2025-07-22')
    || test.entry('58.00', test.behind('PAY-00000013', 'AC04',
        '<AmtDtls><InstdAmt><Amt Ccy="USD">60.00</Amt></InstdAmt></AmtDtls>'), 'CRDT', booked_on => '2025-07-22')
    || test.entry('70.00', test.behind('PAY-00000014', 'AC04'), 'CRDT', booked_on => '2025-07-22')
    || test.entry('70.00', test.behind('PAY-00000014', 'AC04'), 'CRDT', booked_on => '2025-07-22'),
    message_id => 'NTF-6', created => '2025-07-22T08:00:00+02:00'))),
    'amount_differs PAY-00000012', 'less than was paid, and no charges told of; what came to the same twice came once');
select is((select sum(amount) from reimbursement.ledger_entries where posting_type = 'bank_charges'), 2.00,
    'charges by what the bank says was instructed');
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('58.00', test.behind('PAY-00000013', 'AC04'), 'CRDT', booked_on => '2025-07-22')
    || test.entry('57.00', test.behind('PAY-00000013', 'AC04'), 'CRDT', booked_on => '2025-07-22'), 'camt.053',
    message_id => 'STM-6', created => '2025-07-22T20:00:00Z'))),
    'amount_differs PAY-00000013', 'a statement repeats a return without its charges');
select is((select sum(amount) from reimbursement.ledger_entries where posting_type = 'bank_charges'), 2.00,
    'which are posted once');
select test.work_off();

-- A period that is closed.
update reimbursement.ledger_periods set is_open = false where legal_entity_id = 'US01' and starts_on >= '2025-01-01';
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('80.00', test.behind('PAY-00000015', 'AC04'), 'CRDT', booked_on => '2025-07-23'), message_id => 'NTF-7',
    created => '2025-07-23T20:00:00Z'))),
    'no_open_period PAY-00000015', 'where no open period is left nothing is posted');
update reimbursement.ledger_periods set is_open = true where legal_entity_id = 'US01' and starts_on >= '2026-01-01';
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    test.entry('80.00', test.behind('PAY-00000015', 'AC04'), 'CRDT', booked_on => '2025-07-23'), message_id => 'NTF-8',
    created => '2025-07-23T20:00:00Z'))),
    null, 'the next open period is');
select test.work_off();
select results_eq(
    $$ select posting_date from reimbursement.reversals where reversed_voucher = 'PAY-00000015' $$,
    $$ values (date '2026-01-01') $$, 'on its first day');
update reimbursement.ledger_periods set is_open = true;

-- Refused whole.
create function test.refused(content text) returns text
language plpgsql
as $$
begin
    perform reimbursement.import_bank_message(refused.content);
    return 'imported';
exception when others then
    return sqlstate || ' ' || sqlerrm;
end
$$;
create temporary table before as select count(*) as imports from reimbursement.bank_imports;
select is(test.refused('hello'), 'RB066 the message of the bank cannot be read: it is no ISO 20022 document', 'no XML');
select alike(test.refused(replace(b.content, '</Ntry>', '</Entry></Ntry>')),
    'RB066 the message of the bank cannot be read: its entry 1 is not well-formed XML', 'a tag that closes nothing')
from batch as b;
select is(test.refused(left(b.content, -3)),
    'RB066 the message of the bank cannot be read: it is not well-formed XML', 'cut off')
from batch as b;
select is(test.refused(replace(b.content, '<Document', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document')),
    'RB066 the message of the bank cannot be read: it has a document type definition', 'an external entity')
from batch as b;
select alike(test.refused(replace(b.content, 'camt.054.001.08', 'camt.052.001.08')),
    'RB066 % its type is "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"', 'an unknown type')
from batch as b;
select alike(test.refused(replace(b.content, 'UTF-8', 'UTF-16')), 'RB066 % it says that it is encoded in UTF-16, which it is not',
    'another encoding than its own')
from batch as b;
select alike(test.refused(replace(b.content, 'UTF-8', 'KLINGON')), 'RB066 % it says that it is encoded in KLINGON%', 'an unknown one')
from batch as b;
select alike(test.refused(replace(b.content, 'NTF-5', '')), 'RB066 % its identification (MsgId) is ""', 'no identification')
from batch as b;
select alike(test.refused(replace(b.content, '2025-07-21T08', 'yesterday')),
    'RB066 % the time of its creation (CreDtTm) is "yesterday%', 'no time')
from batch as b;
select alike(test.refused(replace(b.content, '300.00', '3.00')),
    'RB067 message "NTF-5" for bank account "BANK" of legal entity "US01" was imported before, with other contents',
    'the same identification and account with other bytes')
from batch as b;
select is(test.refused(test.account_message(test.entry('1'), iban => 'NL91ABNA0417164300', message_id => 'X')),
    'RB068 message "X" is about none of the bank accounts and payments here', 'another bank''s customer');
select is(test.refused(null), 'RB006 NULL was given for content', 'nothing');
select is((select count(*) from reimbursement.bank_imports), (select imports from before), 'nothing of these is written');

-- What is in a comment is no entry.
select is(test.exceptions(reimbursement.import_bank_message(test.account_message(
    '<!-- ' || test.entry('10', test.behind('PAY-00000003', 'AC04'), 'CRDT') || ' -->', message_id => 'NTF-9'))), null,
    'a comment');
select is((select count(*) from reimbursement.bank_entries as e where e.import_id = (select max(i.import_id)
    from reimbursement.bank_imports as i)), 0::bigint, 'is none of the entries');

-- Resolved by a person.
select lives_ok(
    format('select reimbursement.resolve_bank_exception(%s, 2, %L)', (select import_id from mixed), 'it was dollars'),
    'an exception is resolved');
select is((select count(*) from reimbursement.bank_exceptions where resolved_by = session_user
    and note = 'it was dollars' and exception_number = 2), 1::bigint, 'by whom, with a note');
select throws_ok(
    format('select reimbursement.resolve_bank_exception(%s, 2, %L)', (select import_id from mixed), 'again'), 'RB069', null,
    'once');
select throws_ok('select reimbursement.resolve_bank_exception(99, 1, $$x$$)', 'RB069', null, 'one that there is');
select throws_ok(format('select reimbursement.resolve_bank_exception(%s, 1, %L)', (select import_id from mixed), ' '),
    'RB007', null, 'with a note');

select is_empty('select * from reimbursement.check_books()', 'the books are right');
select * from finish();
