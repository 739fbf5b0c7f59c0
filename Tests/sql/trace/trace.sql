-- The chain of a customer, reimbursement, invoice, payment or voucher: from the credit to the bank, and back.
select plan(58);

-- Ann: two credits in one reimbursement, paid, returned, paid again, returned, reversed, and reimbursed again.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.rate('EUR', 1.1);
select test.payee('ANN', 100, 'EUR', dimensions => '{"Department": "010"}', voucher => 'CN-1');
select test.credit('ANN', 50, 'EUR', transaction_date => '2025-05-02', settled_amount => 10, voucher => 'CN-2');
select test.reimburse();
select test.pay();
select test.reverse_payments(array['PAY-00000001'], '2025-07-20');
select test.pay('2025-07-25');
select test.reverse_payments(array['PAY-00000002'], '2025-07-28');
select test.reverse(array['RMB-00000001'], posting_date => '2025-07-31');
select test.reimburse('2025-08-01');

-- A chain as it is read, a line a step. A bank file's identification and day are its own affair.
create function pg_temp.chain(reference text, legal_entity_id text default 'US01') returns setof text
language sql
as $$
    select case
        when t.step = 'bank file' then concat_ws(' ', t.step, t.voucher, t.currency, t.amount)
        else concat_ws(' | ', t.step, t.reference, t.voucher, t.date, t.currency, t.amount)
    end
    from reimbursement.trace(chain.legal_entity_id, chain.reference) as t
$$;
create temporary table first_chain as
select *
from (
    values
    ('credit | CN-1 | CN-1 | 2025-05-01 | EUR | -100.00'),
    ('credit | CN-2 | CN-2 | 2025-05-02 | EUR | -40.00'),
    ('reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | EUR | 140.00'),
    ('invoice | RINV-00000001 | RMB-00000001 | 2025-06-30 | EUR | -140.00'),
    ('payment | PAY-00000001 | PAY-00000001 | 2025-07-15 | EUR | 140.00'),
    ('bank file PAY-00000001 EUR 140.00'),
    ('payment reversal | PAY-00000001 | REV-00000001 | 2025-07-20 | EUR | -140.00'),
    ('payment | PAY-00000002 | PAY-00000002 | 2025-07-25 | EUR | 140.00'),
    ('bank file PAY-00000002 EUR 140.00'),
    ('payment reversal | PAY-00000002 | REV-00000002 | 2025-07-28 | EUR | -140.00'),
    ('reversal | RMB-00000001 | REV-00000003 | 2025-07-31 | EUR | -140.00')
) as c (line);
create temporary table second_chain as
select *
from (
    values
    ('credit | CN-1 | CN-1 | 2025-05-01 | EUR | -100.00'),
    ('credit | CN-2 | CN-2 | 2025-05-02 | EUR | -40.00'),
    ('reimbursement | RMB-00000002 | RMB-00000002 | 2025-08-01 | EUR | 140.00'),
    ('invoice | RINV-00000002 | RMB-00000002 | 2025-08-01 | EUR | -140.00')
) as c (line);
select results_eq(
    format('select * from pg_temp.chain(%L)', r.reference), 'select line from first_chain',
    format('%s has the chain of its reimbursement, in the order in which things were done', r.reference))
from (
    values ('RMB-00000001'), ('RINV-00000001'), ('PAY-00000001'), ('PAY-00000002'), ('REV-00000001'), ('REV-00000002'),
    ('REV-00000003')
) as r (reference);
select results_eq(
    format('select * from pg_temp.chain(%L)', r.reference), 'select line from second_chain',
    format('%s has the chain of the second reimbursement', r.reference))
from (values ('RMB-00000002'), ('RINV-00000002')) as r (reference);
select results_eq(
    format('select * from pg_temp.chain(%L)', r.reference),
    'select line from first_chain union all select line from second_chain',
    format('%s has both chains', r.reference))
from (values ('ANN'), ('CN-1'), ('CN-2')) as r (reference);
select is(
    (select t.reference from reimbursement.trace('US01', 'PAY-00000001') as t
    where t.step = 'bank file' order by t.date, t.voucher limit 1),
    (select f.message_id from reimbursement.payment_files as f where f.format = 'csv' order by f.run_id limit 1),
    'a bank file is named by its message');

-- Nettings: with a reimbursement, and without; with a voucher, and without.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.payee('DAN', 50, voucher => 'CN-DAN', legal_entity_id => 'US02');
select test.debit('DAN', 10, dimensions => '{"Department": "020"}', voucher => 'INV-DAN', legal_entity_id => 'US02');
select test.payee('EVE', 5, voucher => 'CN-EVE', legal_entity_id => 'US02');
select test.debit('EVE', 8, dimensions => '{"Department": "020"}', voucher => 'INV-EVE', legal_entity_id => 'US02');
select test.payee('FAY', 6, voucher => 'CN-FAY', legal_entity_id => 'US02');
select test.debit('FAY', 6, voucher => 'INV-FAY', legal_entity_id => 'US02');
select test.payee('GUS', 7, voucher => 'CN-GUS', legal_entity_id => 'US02');
select test.customer('IDA', legal_entity_id => 'US02');
select test.reimburse(
    include_open_debits => true, net_open_debits => true, customer_filter => '!GUS',
    legal_entity_id => 'US02') as run_id \gset
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US02'),
    $$ values
    ('credit | CN-DAN | CN-DAN | 2025-05-01 | USD | -50.00'),
    ('netting | INV-DAN | STL-00000001 | 2025-06-30 | USD | 10.00'),
    ('reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | USD | 40.00'),
    ('invoice | RINV-00000001 | RMB-00000001 | 2025-06-30 | USD | -40.00') $$,
    format('%s: what was netted of the credit, and what was reimbursed', r.reference))
from (values ('DAN'), ('RMB-00000001'), ('CN-DAN'), ('INV-DAN'), ('STL-00000001')) as r (reference);
select test.reverse(run_id => :run_id, legal_entity_id => 'US02');
-- RMB-1 is reversed by REV-1, STL-1 by REV-2, STL-2 by REV-3.
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US02'),
    $$ values
    ('credit | CN-DAN | CN-DAN | 2025-05-01 | USD | -50.00'),
    ('netting | INV-DAN | STL-00000001 | 2025-06-30 | USD | 10.00'),
    ('reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | USD | 40.00'),
    ('invoice | RINV-00000001 | RMB-00000001 | 2025-06-30 | USD | -40.00'),
    ('netting reversal | INV-DAN | REV-00000002 | 2025-07-31 | USD | -10.00'),
    ('reversal | RMB-00000001 | REV-00000001 | 2025-07-31 | USD | -40.00') $$,
    format('%s: the netting is undone with the reimbursement', r.reference))
from (
    values ('DAN'), ('RMB-00000001'), ('CN-DAN'), ('INV-DAN'), ('STL-00000001'), ('REV-00000001'), ('REV-00000002')
) as r (reference);
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US02'),
    $$ values
    ('netting | INV-EVE | STL-00000002 | 2025-06-30 | USD | 5.00'),
    ('netting reversal | INV-EVE | REV-00000003 | 2025-07-31 | USD | -5.00') $$,
    format('%s: a netting alone', r.reference))
from (values ('EVE'), ('INV-EVE'), ('CN-EVE'), ('STL-00000002'), ('REV-00000003')) as r (reference);
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US02'),
    $$ values ('netting | INV-FAY | 2025-06-30 | USD | 6.00'),
    ('netting reversal | INV-FAY | 2025-07-31 | USD | -6.00') $$,
    format('%s: a netting that took no voucher', r.reference))
from (values ('FAY'), ('INV-FAY'), ('CN-FAY')) as r (reference);
select is_empty(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US02'),
    format('%s: nothing was done yet, so there is no step', r.reference))
from (values ('GUS'), ('CN-GUS'), ('IDA')) as r (reference);

-- A payment of several invoices, and a voucher that several customers bear.
select test.company(legal_entity_id => 'US03');
select test.bank_account(legal_entity_id => 'US03');
select test.payee('ANN', 10, dimensions => '{"Department": "010"}', voucher => 'SAME', legal_entity_id => 'US03');
select test.credit('ANN', 20, dimensions => '{"Department": "020"}', voucher => 'OTHER', legal_entity_id => 'US03');
select test.vendor('V-BOB', method_of_payment => 'CHECK', legal_entity_id => 'US03');
select test.payee('BOB', 40, vendor_account => 'V-BOB', voucher => 'SAME', legal_entity_id => 'US03');
select test.payee('CAT', 5, voucher => 'SAME', legal_entity_id => 'US03');
select test.debit('CAT', 5, voucher => 'INV-CAT', legal_entity_id => 'US03');
select test.payee('DAN', 6, voucher => 'SAME', legal_entity_id => 'US03');
select test.debit('DAN', 6, voucher => 'INV-DAN', legal_entity_id => 'US03');
select test.reimburse(
    summarize_customer => false, include_open_debits => true, net_open_debits => true, legal_entity_id => 'US03');
select test.pay(pay_per => 'vendor', legal_entity_id => 'US03');
select results_eq(
    $$ select * from pg_temp.chain('RMB-00000001', 'US03') as c (line) where c.line ~ '^(reimbursement|payment)' $$,
    $$ values
    ('reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | USD | 10.00'),
    ('payment | PAY-00000001 | PAY-00000001 | 2025-07-15 | USD | 10.00') $$,
    'a reimbursement shows its own part of a payment of several invoices');
select is(
    (select count(*) from pg_temp.chain('PAY-00000001', 'US03') as c (line) where c.line ~ '^invoice'), 2::bigint,
    'the payment shows both of its invoices');
select is_empty(
    $$ select * from pg_temp.chain('BOB', 'US03') as c (line) where c.line ~ '^bank file' $$,
    'a payment by check is in no bank file');
select is(
    (select array_agg(c.line order by c.line) from pg_temp.chain('SAME', 'US03') as c (line)
    where c.line ~ '^(reimbursement|netting)'),
    array[
        'netting | INV-CAT | 2025-06-30 | USD | 5.00', 'netting | INV-DAN | 2025-06-30 | USD | 6.00',
        'reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | USD | 10.00',
        'reimbursement | RMB-00000003 | RMB-00000003 | 2025-06-30 | USD | 40.00'
    ],
    'a voucher that several customers bear has the chains of all of them');

-- A settlement outside of runs: alone at first, then with the reimbursement of the rest.
select test.company(legal_entity_id => 'US04');
select test.debit('GUS', 40, voucher => 'INV-GUS', dimensions => '{"Department": "010"}', legal_entity_id => 'US04');
select test.credit('GUS', 100, voucher => 'CN-GUS', legal_entity_id => 'US04');
select reimbursement.settle_transactions(
    'US04', d.customer_transaction_id, c.customer_transaction_id, 40, '2025-06-01')
from reimbursement.customer_transactions as d
inner join reimbursement.customer_transactions as c on c.legal_entity_id = 'US04' and c.voucher = 'CN-GUS'
where d.legal_entity_id = 'US04' and d.voucher = 'INV-GUS';
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US04'),
    $$ values ('settlement | INV-GUS | STL-00000001 | 2025-06-01 | USD | 40') $$,
    format('%s: a settlement outside of runs', r.reference))
from (values ('GUS'), ('INV-GUS'), ('STL-00000001')) as r (reference);
select test.reimburse(legal_entity_id => 'US04');
select results_eq(
    format('select * from pg_temp.chain(%L, %L)', r.reference, 'US04'),
    $$ values
        ('credit | CN-GUS | CN-GUS | 2025-05-01 | USD | -100.00'),
        ('settlement | INV-GUS | STL-00000001 | 2025-06-01 | USD | 40'),
        ('reimbursement | RMB-00000001 | RMB-00000001 | 2025-06-30 | USD | 60.00'),
        ('invoice | RINV-00000001 | RMB-00000001 | 2025-06-30 | USD | -60.00') $$,
    format('%s: the credit adds up with what was settled before', r.reference))
from (values ('GUS'), ('STL-00000001'), ('RMB-00000001')) as r (reference);

-- The view behind it has the same steps, of everybody.
select results_eq(
    $$ select count(*) from reimbursement.reimbursement_trace where legal_entity_id = 'US01' $$,
    $$ select count(*) from reimbursement.trace('US01', 'ANN') $$, 'the view has the same steps, of everybody');

-- Nothing of that name.
select throws_ok(
    format('select * from reimbursement.trace(%L, %L)', t.legal_entity_id, t.reference), t.code, t.message,
    format('refused with %s: %s, %s', t.code, t.legal_entity_id, t.reference))
from (
    values
    ('US01', 'NOBODY', 'RB029', 'nothing in legal entity "US01" bears the reference "NOBODY"'),
    ('US01', 'ann', 'RB029', null), ('US01', '', 'RB029', null),
    ('US01', null, 'RB029', 'nothing in legal entity "US01" bears the reference NULL'),
    ('US01', 'PAY-00000003', 'RB029', null), ('US01', 'EVE', 'RB029', null), ('US01', '%', 'RB029', null),
    ('NOWHERE', 'ANN', 'RB001', null), (null, 'ANN', 'RB001', null)
) as t (legal_entity_id, reference, code, message);
set default_transaction_read_only = on;
select lives_ok($$ select * from reimbursement.trace('US01', 'ANN') $$, 'a trace works in a read-only transaction');
reset default_transaction_read_only;

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
