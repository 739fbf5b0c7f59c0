-- What was posted can neither be changed nor deleted.
select plan(91);

select test.company();
select test.credit('ANN', 100, voucher => 'CN');
select test.credit('ANN', 7, transaction_date => '2025-07-01', voucher => 'CN-OPEN');
select test.debit('ANN', 10, voucher => 'INV', dimensions => '{"Department": "010"}');
select test.reimburse(include_open_debits => true, net_open_debits => true);

-- Every posted row, as it stands.
create function pg_temp.books() returns setof text
language sql
as $$
    select row(s.*)::text from reimbursement.settlements as s
    union all
    select row(r.*)::text from reimbursement.reimbursements as r
    union all
    select row(i.*)::text from reimbursement.vendor_invoices as i
    union all
    select row(v.*)::text from reimbursement.vendor_transactions as v
    union all
    select row(e.*)::text from reimbursement.ledger_entries as e
    union all
    select row(t.*)::text from reimbursement.customer_transactions as t
$$;
create temporary table books_before as
select b.line from pg_temp.books() as b (line);

select throws_ok(format('delete from reimbursement.%I', t.name), 'RB015', null, format('%s are not deleted', t.name))
from (
    values ('settlements'), ('reimbursements'), ('vendor_invoices'), ('vendor_transactions'), ('ledger_entries')
) as t (name);
select throws_ok(
    format('truncate reimbursement.%I', t.name), 'RB015', null, format('%s are not truncated', t.name))
from (
    values ('settlements'), ('reimbursements'), ('vendor_invoices'), ('vendor_transactions'), ('ledger_entries')
) as t (name);

select throws_ok(
    format('update reimbursement.%I set %s', u.name, u.change), 'RB015', null,
    format('%s are not changed: %s', u.name, u.change))
from (
    values
    ('settlements', 'amount = amount + 1'), ('settlements', 'settled_on = settled_on - 1'),
    ('settlements', 'run_id = null'),
    ('reimbursements', 'amount = amount + 1'), ('reimbursements', 'exchange_rate = 2'),
    ('reimbursements', $$vendor_account = 'X'$$),
    ('ledger_entries', 'amount = amount + 1'), ('ledger_entries', 'accounting_amount = 0'),
    ('ledger_entries', $$ledger_account = 'X'$$), ('ledger_entries', 'posting_date = posting_date + 1'),
    ('vendor_invoices', 'amount = amount + 1'), ('vendor_invoices', 'accounting_amount = 0'),
    ('vendor_invoices', 'invoice_date = invoice_date - 1'), ('vendor_invoices', 'due_date = due_date + 1'),
    ('vendor_invoices', $$currency = 'EUR'$$), ('vendor_invoices', $$vendor_account = 'X'$$),
    ('vendor_invoices', $$description = 'X'$$),
    ('vendor_transactions', 'amount = amount + 1'), ('vendor_transactions', 'accounting_amount = 0'),
    ('vendor_transactions', $$invoice_number = 'X'$$), ('vendor_transactions', $$voucher = 'X'$$)
) as u (name, change);
select throws_ok(
    $$ update reimbursement.dimension_sets set dimensions = '{"Department": "099"}' where dimension_set_id <> 0 $$,
    'RB015', null, 'a dimension set is not changed');

-- Customer transactions that a run has touched.
select throws_ok(
    format('update reimbursement.customer_transactions set %s where voucher = %L', u.change, u.voucher), 'RB015', null,
    format('a settled transaction keeps what it is: %s, %s', u.voucher, u.change))
from (
    values
    ('CN', 'amount = amount - 1'), ('CN', 'accounting_amount = accounting_amount - 1'),
    ('CN', 'transaction_date = transaction_date - 1'), ('CN', 'due_date = due_date - 1'), ('CN', $$currency = 'EUR'$$),
    ('CN', $$receivable_account = 'X'$$), ('INV', 'dimension_set_id = 0'),
    ('CN', $$customer_account = 'X'$$), ('CN', $$transaction_type = 'X'$$), ('INV', 'due_date = due_date + 1'),
    ('RMB-00000001', 'amount = amount + 1'), ('RMB-00000001', 'run_id = null')
) as u (voucher, change);

select throws_ok(
    format('delete from reimbursement.customer_transactions where voucher = %L', t.voucher), '23503', null,
    format('nor is it deleted: %s', t.voucher))
from (values ('CN'), ('RMB-00000001')) as t (voucher);

select bag_eq(
    'select * from pg_temp.books()', 'select line from books_before', 'after all of this the books are what they were');

-- Settled amounts are a user's to load, but not to take back from a settlement.
select throws_ok(
    $$ update reimbursement.customer_transactions set settled_amount = 0 where voucher = 'CN' $$, 'RB015', null,
    'a reimbursed credit is not reopened by hand, and so not paid twice');

-- What stays the user's to change.
select lives_ok(
    $$ update reimbursement.customer_transactions set due_date = due_date + 30, amount = -8, accounting_amount = -8
    where voucher = 'CN-OPEN' $$,
    'a transaction that nobody settled can be changed');
select lives_ok(
    $$ update reimbursement.vendor_invoices set held_until = '2025-12-31' $$, 'an invoice can be held');
select lives_ok(
    $$ update reimbursement.customer_transactions set marked_for = 'payment proposal' where voucher = 'CN-OPEN' $$,
    'a transaction can be marked');

-- What was paid, skipped and reversed.
select test.bank_account();
select test.payee('BOB', 20);
select test.payee('CAT', 30);
select test.reimburse('2025-07-01', customer_filter => 'BOB, CAT') as run_id \gset
select test.pay();
select test.reverse_payments(array['PAY-00000001']);
select test.reverse(run_id => :run_id);
create temporary table payment_rows_before as
select row(p.*)::text as line from reimbursement.payments as p
union all
select row(s.*)::text from reimbursement.vendor_settlements as s
union all
select row(v.*)::text from reimbursement.vendor_transactions as v
union all
select row(r.*)::text from reimbursement.reversals as r;
select throws_ok(format(c.change, t.name), 'RB015', null,
    format('what was paid and reversed stays: ' || c.change, t.name))
from (
    values
    ('payments'), ('vendor_settlements'), ('vendor_transactions'), ('payment_files'), ('payment_file_changes'),
    ('invoice_skips'), ('reversals'), ('reimbursement_skips')
) as t (name),
(
    values
    ('delete from reimbursement.%I'), ('truncate reimbursement.%I'),
    ('update reimbursement.%I set legal_entity_id = legal_entity_id')
) as c (change);
select throws_ok(
    format('update reimbursement.vendor_transactions set %s', u.change), 'RB015', null,
    format('a vendor transaction is what its settlements say: %s', u.change))
from (
    values
    ('settled_amount = 0, settled_accounting_amount = 0'), ('last_settled_on = null'),
    ($$last_settled_on = '2025-12-31'$$), ('settled_amount = amount, settled_accounting_amount = accounting_amount'),
    ('transaction_date = transaction_date - 1'), ('due_date = due_date + 1'), ($$payable_account = 'X'$$),
    ($$currency = 'EUR'$$), ($$vendor_account = 'X'$$), ($$transaction_type = 'invoice'$$), ('run_id = 1')
) as u (change);
select lives_ok(
    $$ update reimbursement.vendor_transactions
    set settled_amount = settled_amount, last_settled_on = last_settled_on $$,
    'to be what they say it may be written');
select bag_eq(
    $$ select row(p.*)::text from reimbursement.payments as p
    union all
    select row(s.*)::text from reimbursement.vendor_settlements as s
    union all
    select row(v.*)::text from reimbursement.vendor_transactions as v
    union all
    select row(r.*)::text from reimbursement.reversals as r $$,
    'select line from payment_rows_before', 'after all of this they are what they were');
select throws_ok(
    $$ update reimbursement.customer_transactions
    set settled_amount = amount, settled_accounting_amount = accounting_amount, amount = amount - 1
    where customer_account = 'CAT' and transaction_type = 'credit_note' $$, 'RB015', null,
    'a credit that is open again keeps its amount');
select throws_ok(
    $$ update reimbursement.customer_transactions set settled_amount = 0, settled_accounting_amount = 0
    where transaction_type = 'reversal' $$, 'RB015', null, 'a reversal is not reopened by hand');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
