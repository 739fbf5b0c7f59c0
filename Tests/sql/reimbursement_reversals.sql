-- A reimbursement is taken back: the opposite of what it posted, its credits are open again, its invoice is cancelled.
select plan(68);

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

-- A run: its nettings are undone with it. Credits and debits of one dimension set, and of two, which took a voucher.
create function pg_temp.netted(legal_entity_id text) returns void
language sql
as $$
    select test.company(legal_entity_id => netted.legal_entity_id);
    select test.bank_account(legal_entity_id => netted.legal_entity_id);
    select test.bank_account('EURO', 'EUR', legal_entity_id => netted.legal_entity_id);
    select test.rate('EUR', 1.1, legal_entity_id => netted.legal_entity_id);
    select test.rate('EUR', 1.2, '2025-06-30', legal_entity_id => netted.legal_entity_id);
    -- SOME: 30 of 100 are netted, 70 reimbursed.
    select test.payee(
        'SOME', 100, dimensions => '{"Department": "010"}', voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.debit(
        'SOME', 30, dimensions => '{"Department": "020"}', voucher => 'INV', legal_entity_id => netted.legal_entity_id);
    -- ALL: all of 20 is netted, and 10 are owed still.
    select test.payee('ALL', 20, voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.debit('ALL', 30, voucher => 'INV', legal_entity_id => netted.legal_entity_id);
    -- ALL-DEPTS: the same, over two dimension sets.
    select test.payee('ALL-DEPTS', 20, voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.debit(
        'ALL-DEPTS', 30, dimensions => '{"Department": "020"}', voucher => 'INV',
        legal_entity_id => netted.legal_entity_id);
    -- TWO: netted in USD, reimbursed in USD and EUR.
    select test.payee('TWO', 50, voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.debit('TWO', 10, voucher => 'INV', legal_entity_id => netted.legal_entity_id);
    select test.credit('TWO', 60, 'EUR', voucher => 'CN-EUR', legal_entity_id => netted.legal_entity_id);
    -- PLAIN: nothing to net. LATE: not in the run.
    select test.payee('PLAIN', 5, voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.payee('LATE', 6, voucher => 'CN', legal_entity_id => netted.legal_entity_id);
    select test.reimburse(
        include_open_debits => true, net_open_debits => true, customer_filter => '!LATE',
        legal_entity_id => netted.legal_entity_id)
$$;
-- What is open of a company's own transactions, by customer and voucher.
create function pg_temp.open(legal_entity_id text, customer_account text)
returns table (voucher text, open_amount numeric, open_accounting_amount numeric)
language sql
as $$
    select t.* from test.transactions(open.customer_account, open.legal_entity_id) as t
    where t.voucher !~ '^(RMB|REV|STL)'
$$;
create function pg_temp.run_of(legal_entity_id text) returns bigint
language sql
as $$
    select min(r.run_id) from reimbursement.runs as r
    where r.legal_entity_id = run_of.legal_entity_id and r.kind = 'reimbursement'
$$;
create function pg_temp.skips() returns text
language sql
as $$
    select string_agg(s.customer_account || ' ' || s.skip_reason, ', ' order by s.reimbursement_number)
    from reimbursement.skipped_reimbursements as s where s.run_id = test.last_run()
$$;

select pg_temp.netted('RUN');
select results_eq(
    $$ select * from pg_temp.open('RUN', 'SOME') $$, $$ values ('CN', 0.00, 0.00), ('INV', 0.00, 0.00) $$,
    'before: credit and debit are settled');
select bag_eq(
    $$ select * from test.voucher('STL-00000001', 'RUN') $$,
    $$ values ('130100', null, 20.00, 20.00), ('130100', '020', -20.00, -20.00) $$,
    'and a netting over two dimension sets has a voucher');
select test.reverse(run_id => pg_temp.run_of('RUN'), legal_entity_id => 'RUN');
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
select test.reverse(run_id => pg_temp.run_of('RUN'), legal_entity_id => 'RUN');
select is(
    pg_temp.skips(),
    'PLAIN already_reversed, SOME already_reversed, TWO already_reversed, TWO already_reversed',
    'a run that was reversed is skipped, reimbursement by reimbursement');
select bag_eq(
    $$ select * from test.balances('RUN') $$, 'select * from balances_after', 'and nothing of it is undone twice');

-- By number: the nettings stay.
select pg_temp.netted('NUMBER');
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
select test.reverse(run_id => pg_temp.run_of('NUMBER'), legal_entity_id => 'NUMBER');
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
select test.reverse(run_id => pg_temp.run_of('NUMBER'), batches => 3, legal_entity_id => 'NUMBER');
select results_eq(
    $$ select * from pg_temp.open('NUMBER', 'TWO') $$,
    $$ values ('CN', -40.00, -40.00), ('INV', 0.00, 0.00), ('CN-EUR', -60.00, -66.00) $$,
    'TWO: the payment came back, and its reimbursement is reversed; the netting stays, as another of its was skipped');
select results_eq(
    $$ select processed, skipped from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (1::bigint, 3::bigint) $$, 'one was left to reverse');
select is_empty(
    $$ select from test.balances('NUMBER') as b where b.account like 'vendor %' $$, 'no vendor is owed anything');

-- A list, in batches; a number that is given twice; customers and vendors on hold, and a period that is closed since.
select test.company(legal_entity_id => 'LIST');
select test.payee(format('C%s', i), i, legal_entity_id => 'LIST') from generate_series(1, 8) as i;
select test.credit('C2', 20, dimensions => '{"Department": "010"}', legal_entity_id => 'LIST');
select test.reimburse(summarize_customer => false, legal_entity_id => 'LIST');
update reimbursement.customers set on_hold_from = '2025-01-01' where legal_entity_id = 'LIST';
update reimbursement.vendors set hold = 'all' where legal_entity_id = 'LIST';
update reimbursement.ledger_periods set is_open = false where legal_entity_id = 'LIST' and starts_on = '2025-01-01';
select test.reverse(
    array['RMB-00000002', 'RMB-00000003', 'RMB-00000009', 'RMB-00000002', 'RMB-00000005'], posting_date => '2026-01-02',
    batches => 2, legal_entity_id => 'LIST');
select is(
    (select array_agg(v.reversed_voucher order by v.reversed_voucher) from reimbursement.reversals as v
    where v.legal_entity_id = 'LIST')::text,
    '{RMB-00000002,RMB-00000003,RMB-00000005,RMB-00000009}',
    'those that are listed are reversed, each once, and no others');
select is(
    (select array_agg(j.processed order by j.processed) from reimbursement.jobs as j where j.run_id = test.last_run()),
    array[2, 2], 'in batches, each customer in one');
select is(
    (select sum(b.amount) from test.balances('LIST') as b where b.account like 'customer %'), -34.00,
    'their credits are open: 2, 20, 4 and 8');
select is(
    (select array_agg(distinct e.posting_date) from reimbursement.ledger_entries as e
    inner join reimbursement.reversals as v on v.legal_entity_id = e.legal_entity_id and v.voucher = e.voucher
    where v.legal_entity_id = 'LIST'), array['2026-01-02'::date],
    'in an open period, for that of the reimbursement is closed');

-- A run of which a batch failed, a run that reimbursed nobody, and one in batches that is reversed in other batches.
select reimbursement.enqueue_reversal('LIST', 'nobody', run_id => pg_temp.run_of('LIST'), posting_date => '2026-01-03',
    batches => 4)
as run_id \gset
select test.run_to_the_end(:run_id);
select is(
    (select sum(b.amount) from test.balances('LIST') as b where b.account like 'customer %'), -56.00,
    'the rest of the run is reversed in batches');
select is_empty($$ select from test.balances('LIST') as b where b.account !~ '^customer ' $$,
    'and nothing is left of it');
select test.company(legal_entity_id => 'FAILED');
select test.payee(c.account, 10, legal_entity_id => 'FAILED') from (values ('ANN'), ('BOB')) as c (account);
select reimbursement.enqueue_reimbursement('FAILED', '2025-06-30', batches => 2) as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select reimbursement.fail_job('FAILED', :job_id, 1, 'failed', '23514', 'it broke');
select test.work_off();
select test.reverse(run_id => :run_id, legal_entity_id => 'FAILED');
select is(
    (select sum(b.amount) from test.balances('FAILED') as b where b.account like 'customer %'), -20.00,
    'of a run that failed in part, what it did is reversed');
select test.company(legal_entity_id => 'NOBODY');
select test.reimburse(legal_entity_id => 'NOBODY');
select test.reverse(run_id => test.last_run(), legal_entity_id => 'NOBODY');
select results_eq(
    $$ select state, processed, skipped from reimbursement.runs where run_id = test.last_run() $$,
    $$ values ('completed', 0::bigint, 0::bigint) $$, 'a run that reimbursed nobody is reversed, which does nothing');

-- A run that netted everything and reimbursed nobody, in batches.
select test.company(legal_entity_id => 'NETTED');
select test.credit(format('C%s', i), 10, legal_entity_id => 'NETTED') from generate_series(1, 4) as i;
select test.debit(format('C%s', i), 10 + i, dimensions => '{"Department": "010"}', legal_entity_id => 'NETTED')
from generate_series(1, 4) as i;
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'NETTED');
select test.reverse(run_id => test.last_run(), batches => 3, legal_entity_id => 'NETTED');
select is_empty(
    $$ select from reimbursement.customer_transactions where legal_entity_id = 'NETTED' and open_amount <> amount $$,
    'nettings alone are undone, each in one batch');
select is(
    (select count(*) from reimbursement.reversals where legal_entity_id = 'NETTED'), 4::bigint,
    'and their vouchers reversed, each once');

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

-- The preview.
select pg_temp.netted('PREVIEW');
select test.pay(currency => 'EUR', legal_entity_id => 'PREVIEW');
select test.reverse(array['RMB-00000001'], legal_entity_id => 'PREVIEW');
create temporary table previewed as
select * from reimbursement.preview_reversal('PREVIEW', run_id => pg_temp.run_of('PREVIEW'),
    posting_date => '2025-07-31');
select results_eq(
    $$ select reimbursement_number, customer_account, invoice_number, currency, amount, accounting_amount, skip_reason
    from previewed order by reimbursement_number $$,
    $$ values
    ('RMB-00000001', 'PLAIN', 'RINV-00000001', 'USD', 5.00, 5.00, 'already_reversed'),
    ('RMB-00000002', 'SOME', 'RINV-00000002', 'USD', 70.00, 70.00, null),
    ('RMB-00000003', 'TWO', 'RINV-00000003', 'EUR', 60.00, 72.00, 'paid'),
    ('RMB-00000004', 'TWO', 'RINV-00000004', 'USD', 40.00, 40.00, null) $$,
    'a preview of a reversal has a row per reimbursement, with the reason of a skip');
select results_eq(
    $$ select reimbursement_number, skip_reason from reimbursement.preview_reversal(
        'PREVIEW', reimbursement_numbers => array['RMB-00000004', 'RMB-00000003'], posting_date => '2025-07-31') $$,
    $$ values ('RMB-00000003', 'paid'), ('RMB-00000004', null) $$, 'by number, too');
set default_transaction_read_only = on;
select lives_ok(
    $$ select *
    from reimbursement.preview_reversal('PREVIEW', 'a reason', array['RMB-00000004'], posting_date => '2025-07-31') $$,
    'it works in a read-only transaction');
reset default_transaction_read_only;
select test.reverse(run_id => pg_temp.run_of('PREVIEW'), legal_entity_id => 'PREVIEW');
select bag_eq(
    $$ select v.reversed_voucher::text collate "default", null from reimbursement.reversals as v
    where v.run_id = test.last_run() and v.reversed_type = 'reimbursement'
    union all
    select s.reimbursement_number::text collate "default", s.skip_reason from reimbursement.skipped_reimbursements as s
    where s.run_id = test.last_run() $$,
    'select reimbursement_number, skip_reason from previewed', 'the run does what was previewed');

-- No posting date is today, where the legal entity is.
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
values ('PREVIEW', '2027-01-01', '2099-12-31');
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati' where legal_entity_id = 'PREVIEW';
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'PREVIEW');
select reimbursement.enqueue_reversal('PREVIEW', 'mistaken', array['RMB-00000003']) as run_id \gset
select is(
    (select posting_date from reimbursement.runs where run_id = :run_id),
    (now() at time zone 'Pacific/Kiritimati')::date, 'no posting date is today in the legal entity''s time zone');
select test.run_to_the_end(:run_id);
select is(
    (select reason from reimbursement.reversals where run_id = :run_id), 'mistaken', 'with the reason that was given');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
