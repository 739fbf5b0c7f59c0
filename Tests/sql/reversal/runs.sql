-- A run is taken back: its reimbursements with their nettings, apart from what is skipped because it is paid or was
-- reversed before.
select plan(29);

-- What is open of a company's own transactions, by customer and voucher.
create function pg_temp.open(legal_entity_id text, customer_account text)
returns table (voucher text, open_amount numeric, open_accounting_amount numeric)
language sql
as $$
    select t.* from test.transactions(open.customer_account, open.legal_entity_id) as t
    where t.voucher !~ '^(RMB|REV|STL)'
$$;
create function pg_temp.skips() returns text
language sql
as $$
    select string_agg(s.customer_account || ' ' || s.skip_reason, ', ' order by s.reimbursement_number)
    from reimbursement.skipped_reimbursements as s where s.run_id = test.last_run()
$$;

select test.netted('RUN');
select results_eq(
    $$ select * from pg_temp.open('RUN', 'SOME') $$, $$ values ('CN', 0.00, 0.00), ('INV', 0.00, 0.00) $$,
    'before: credit and debit are settled');
select bag_eq(
    $$ select * from test.voucher('STL-00000001', 'RUN') $$,
    $$ values ('130100', null, 20.00, 20.00), ('130100', '020', -20.00, -20.00) $$,
    'and a netting over two dimension sets has a voucher');
select test.reverse(run_id => test.first_run('RUN'), legal_entity_id => 'RUN');
select results_eq(
    format('select * from pg_temp.open(%L, %L)', 'RUN', c.account), c.expected,
    format('%s: a run''s nettings are undone with it', c.account))
from (
    values
    ('SOME', 'values (''CN'', -100.00, -100.00), (''INV'', 30.00, 30.00)'),
    ('ALL', 'values (''CN'', -20.00, -20.00), (''INV'', 30.00, 30.00)'),
    ('ALL-DEPTS', 'values (''CN'', -20.00, -20.00), (''INV'', 30.00, 30.00)'),
    ('TWO', 'values (''CN'', -50.00, -50.00), (''INV'', 10.00, 10.00), (''CN-EUR'', -60.00, -66.00)'),
    ('PLAIN', 'values (''CN'', -5.00, -5.00)'), ('LATE', 'values (''CN'', -6.00, -6.00)')
) as c (account, expected);
select is_empty(
    $$ select from test.balances('RUN') as b where b.account !~ '^customer' $$,
    'nothing is left of the run on any vendor or ledger account');
select results_eq(
    $$ select reversed_type, count(*) from reimbursement.reversals where legal_entity_id = 'RUN' group by 1
    order by 1 $$,
    $$ values ('netting', 2::bigint), ('reimbursement', 4) $$, 'the vouchers of the nettings are reversed, too');
select bag_eq(
    $$ select e.ledger_account::text collate "default", e.dimension_set_id, e.amount, e.accounting_amount
    from reimbursement.reversals as v
    inner join reimbursement.ledger_entries as e on e.legal_entity_id = v.legal_entity_id and e.voucher = v.voucher
    where v.legal_entity_id = 'RUN' and v.reversed_type = 'netting' $$,
    $$ select e.ledger_account::text collate "default", e.dimension_set_id, -e.amount as amount,
        -e.accounting_amount as accounting_amount
    from reimbursement.ledger_entries as e where e.legal_entity_id = 'RUN' and e.voucher like 'STL%' $$,
    'by their opposites');
select is(pg_temp.skips(), null, 'nothing was skipped');
select results_eq(
    $$ select processed, skipped, accounting_amount from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (4::bigint, 0::bigint, 187.00) $$, 'four reimbursements were reversed: 70, 40, 72 and 5');
select test.reimburse(
    '2025-07-31', include_open_debits => true, net_open_debits => true, customer_filter => '!LATE',
    legal_entity_id => 'RUN');
select bag_eq(
    $$ select * from test.outcome() $$,
    $$ values
    ('SOME', 'USD', 70.00, null), ('ALL', null, null, 'no_net_credit'), ('ALL-DEPTS', null, null, 'no_net_credit'),
    ('TWO', 'EUR', 60.00, null), ('TWO', 'USD', 40.00, null), ('PLAIN', 'USD', 5.00, null) $$,
    'the next run nets and reimburses the same again');

-- Reversed once more: the first run's is skipped, and nothing of it is undone twice.
create temporary table balances_after as select * from test.balances('RUN');
select test.reverse(run_id => test.first_run('RUN'), legal_entity_id => 'RUN');
select is(
    pg_temp.skips(),
    'PLAIN already_reversed, SOME already_reversed, TWO already_reversed, TWO already_reversed',
    'a run that was reversed is skipped, reimbursement by reimbursement');
select bag_eq(
    $$ select * from test.balances('RUN') $$, 'select * from balances_after', 'and nothing of it is undone twice');

-- By number: the nettings stay.
select test.netted('NUMBER');
select r.reimbursement_number as some_number from reimbursement.reimbursement_report as r
where r.legal_entity_id = 'NUMBER' and r.customer_account = 'SOME' \gset
select test.reverse(array[:'some_number'], legal_entity_id => 'NUMBER');
select results_eq(
    $$ select * from pg_temp.open('NUMBER', 'SOME') $$, $$ values ('CN', -70.00, -70.00), ('INV', 0.00, 0.00) $$,
    'by number a reimbursement''s nettings stay: what was left of the credit is open again');
select results_eq(
    $$ select * from pg_temp.open('NUMBER', 'ALL') $$, $$ values ('CN', 0.00, 0.00), ('INV', 10.00, 10.00) $$,
    'and nobody else''s are touched');
select r.payment_number, r.reimbursement_number as euro_number from reimbursement.reimbursement_report as r
where r.legal_entity_id = 'NUMBER' and r.customer_account = 'TWO' and r.currency = 'EUR' \gset
select test.pay(currency => 'EUR', legal_entity_id => 'NUMBER');

-- Then its run: what is paid, or was reversed, is skipped with the customer's nettings; of the others all is undone.
select test.reverse(run_id => test.first_run('NUMBER'), legal_entity_id => 'NUMBER');
select is(pg_temp.skips(), 'SOME already_reversed, TWO paid',
    'what was reversed or is paid is skipped, with its reason');
select results_eq(
    format('select * from pg_temp.open(%L, %L)', 'NUMBER', c.account), c.expected, format('%s: %s', c.account, c.what))
from (
    values
    ('SOME', 'its nettings stay, for its reimbursement is skipped',
        'values (''CN'', -70.00, -70.00), (''INV'', 0.00, 0.00)'),
    ('TWO', 'one reimbursement is paid, so the netting stays; the other is reversed',
        'values (''CN'', -40.00, -40.00), (''INV'', 0.00, 0.00), (''CN-EUR'', 0.00, 0.00)'),
    ('ALL', 'its netting is undone', 'values (''CN'', -20.00, -20.00), (''INV'', 30.00, 30.00)'),
    ('ALL-DEPTS', 'its netting is undone, and its voucher reversed',
        'values (''CN'', -20.00, -20.00), (''INV'', 30.00, 30.00)'),
    ('PLAIN', 'reversed', 'values (''CN'', -5.00, -5.00)')
) as c (account, what, expected);
select results_eq(
    $$ select processed, skipped, state from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (2::bigint, 2::bigint, 'completed') $$, 'the run counts both, and a skip is no error of it');
select results_eq(
    $$ select customer_account::text collate "default", currency, payment_status
    from reimbursement.reimbursement_report where legal_entity_id = 'NUMBER' order by 1, 2 $$,
    $$ values
    ('PLAIN', 'USD', 'cancelled'), ('SOME', 'USD', 'cancelled'), ('TWO', 'EUR', 'paid'), ('TWO', 'USD', 'cancelled') $$,
    'and the report tells them apart');

-- When the payment came back, the rest can be reversed: in batches, and again once more, which reverses nothing.
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'NUMBER');
select test.reverse(run_id => test.first_run('NUMBER'), batches => 3, legal_entity_id => 'NUMBER');
select results_eq(
    $$ select * from pg_temp.open('NUMBER', 'TWO') $$,
    $$ values ('CN', -40.00, -40.00), ('INV', 0.00, 0.00), ('CN-EUR', -60.00, -66.00) $$,
    'TWO: the payment came back, and its reimbursement is reversed; the netting stays, as another of its was skipped');
select results_eq(
    $$ select processed, skipped from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (1::bigint, 3::bigint) $$, 'one was left to reverse');
select is_empty(
    $$ select from test.balances('NUMBER') as b where b.account like 'vendor %' $$, 'no vendor is owed anything');

select test.require_right_books();

select * from finish();
