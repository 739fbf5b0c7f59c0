-- What a payment of a vendor invoice writes: payment, vendor transaction, settlement, voucher, bank file, report.
select plan(36);

-- Ann is paid by transfer, for two departments at once; Bob is a vendor who is sent a check.
select test.company();
select test.bank_account();
select test.payee('ANN', 100, dimensions => '{"Department": "010"}');
select test.credit('ANN', 50, dimensions => '{"Department": "020"}');
select test.vendor('V-BOB', method_of_payment => 'CHECK');
select test.payee('BOB', 70.25, vendor_account => 'V-BOB', iban => null);
select test.reimburse();
select test.pay();

select results_eq(
    $$ select payment_number::text collate "default", vendor_account::text collate "default", payment_date, currency,
        amount, accounting_amount, method_of_payment::text collate "default", bank_account::text collate "default",
        creditor_iban, end_to_end_id, status, invoice_numbers::text collate "default"
    from reimbursement.vendor_payments order by payment_number $$,
    $$ values
    ('PAY-00000001', 'OTV-00000001', date '2025-07-15', 'USD', 150.00, 150.00, 'SEPA', 'BANK', 'DE89370400440532013000',
        'PAY-00000001', 'posted', '{RINV-00000001}'),
    ('PAY-00000002', 'V-BOB', '2025-07-15', 'USD', 70.25, 70.25, 'CHECK', 'BANK', null, null, 'posted',
        '{RINV-00000002}') $$,
    'each invoice has a payment of its own, to its vendor, from the bank account of its currency');
select is(
    (select array_agg(distinct run_id) from reimbursement.vendor_payments), array[test.last_run()],
    'made by the run');
select results_eq(
    $$ select creditor_name, remittance from reimbursement.payments where payment_number = 'PAY-00000001' $$,
    $$ select 'Customer ANN', invoice_number::text collate "default" || ' ' || description
    from reimbursement.vendor_invoices
    where invoice_number = 'RINV-00000001' $$,
    'the payment names its payee, and says what it is for: the invoice and its text');

-- The vendor's side.
select results_eq(
    $$ select transaction_type, voucher::text collate "default", invoice_number::text collate "default",
        transaction_date, currency, amount, accounting_amount, settled_amount, open_amount, open_accounting_amount
    from reimbursement.vendor_transactions where vendor_account = 'OTV-00000001' order by vendor_transaction_id $$,
    $$ values
    ('invoice', 'RMB-00000001', 'RINV-00000001', date '2025-06-30', 'USD', -150.00, -150.00, -150.00, 0.00, 0.00),
    ('payment', 'PAY-00000001', 'RINV-00000001', '2025-07-15', 'USD', 150.00, 150.00, 150.00, 0.00, 0.00) $$,
    'the vendor has a debit of type payment, and nothing is open of it or of the invoice');
select results_eq(
    $$ select d.voucher::text collate "default", c.voucher::text collate "default", s.amount, s.debit_accounting_amount,
        s.credit_accounting_amount, s.settled_on, s.undoes_vendor_settlement_id
    from reimbursement.vendor_settlements as s
    inner join reimbursement.vendor_transactions as d on d.vendor_transaction_id = s.debit_transaction_id
    inner join reimbursement.vendor_transactions as c on c.vendor_transaction_id = s.credit_transaction_id
    order by d.voucher $$,
    $$ values
    ('PAY-00000001', 'RMB-00000001', 150.00, 150.00, 150.00, date '2025-07-15', null::bigint),
    ('PAY-00000002', 'RMB-00000002', 70.25, 70.25, 70.25, '2025-07-15', null) $$,
    'a settlement ties each payment to its invoice');
select is(
    (select array_agg(distinct run_id) from reimbursement.vendor_settlements), array[test.last_run()],
    'written by the run');
select is_empty(
    $$ select from test.balances() as b where b.account like 'vendor %' $$, 'the vendors are owed nothing any more');
select is(
    (select array_agg(last_settled_on order by vendor_transaction_id) from reimbursement.vendor_transactions),
    array_fill('2025-07-15'::date, array[4]), 'both sides know when they were settled');

-- The ledger.
select results_eq(
    $$ select * from test.voucher('PAY-00000001') $$,
    $$ values
    ('200100', '010', 100.00, 100.00), ('200100', '020', 50.00, 50.00), ('110110', null, -150.00, -150.00) $$,
    'debit payable by the lines of the invoice, credit bank in no dimension set');
select results_eq(
    $$ select * from test.voucher('PAY-00000002') $$,
    $$ values ('200100', null, 70.25, 70.25), ('110110', null, -70.25, -70.25) $$,
    'a check, too, is posted to the bank');
select is_empty(
    $$ select from reimbursement.ledger_entries where run_id = test.last_run()
    and (posting_date <> '2025-07-15' or currency <> 'USD') $$,
    'on the payment date, in the currency of the payment');
select is(
    (select array_agg(distinct posting_type order by posting_type) from reimbursement.ledger_entries
    where run_id = test.last_run()),
    array['bank', 'payable'], 'as bank and payable');

-- What users read.
select results_eq(
    $$ select customer_account::text collate "default", payment_status, payment_number::text collate "default", paid_on,
        reversed_by::text collate "default", reversed_payments::text collate "default"
    from reimbursement.reimbursement_report order by reimbursement_number $$,
    $$ values
    ('ANN', 'paid', 'PAY-00000001', date '2025-07-15', null, null),
    ('BOB', 'paid', 'PAY-00000002', '2025-07-15', null, null) $$,
    'the report says paid, by which payment, and when');
select results_eq(
    $$ select kind::text collate "default", state, jobs, processed, skipped, accounting_amount, customers_reimbursed,
        customers_skipped, posting_date
    from reimbursement.runs where run_id = test.last_run() $$,
    $$ values ('vendor_payment', 'completed', 1::bigint, 2::bigint, 0::bigint, 220.25, null::bigint, null::bigint,
        date '2025-07-15') $$,
    'the run says how many payments it made, and their total; it reimbursed nobody');
select bag_eq(
    $$ select format::text collate "default", payments, control_sum from reimbursement.payment_files
    where run_id = test.last_run() $$,
    $$ values ('pain.001.001.09', 1, 150.00), ('pain.001.001.03', 1, 150.00), ('csv', 1, 150.00) $$,
    'the file for the bank has the transfer, and no check');

-- Once is enough.
select test.pay();
select is_empty('select * from test.paid()', 'a second run pays nothing, and has nothing to report');
select results_eq(
    $$ select state, processed, skipped, accounting_amount from reimbursement.runs where run_id = test.last_run() $$,
    $$ values ('completed', 0::bigint, 0::bigint, 0::numeric) $$, 'it completes');
select is_empty(
    $$ select from reimbursement.payment_files where run_id = test.last_run() $$, 'without a file');
select is(
    (select next_number from reimbursement.number_sequences where sequence = 'payment'), 3::bigint,
    'and without using up a number');

-- Where the money leaves from.
select test.company(legal_entity_id => 'US02');
select test.bank_account('FIRST', legal_entity_id => 'US02');
select test.bank_account('SECOND', ledger_account => '110120', legal_entity_id => 'US02');
select test.bank_account(
    'EURO', 'EUR', ledger_account => '110130', bridging_account => '110139', legal_entity_id => 'US02');
select test.rate('EUR', 1.1, legal_entity_id => 'US02');
select test.payee('ANN', 10, legal_entity_id => 'US02');
select test.payee('BOB', 20, 'EUR', legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
select test.pay(legal_entity_id => 'US02');
select results_eq(
    $$ select payment_number::text collate "default", bank_account::text collate "default"
    from reimbursement.vendor_payments where legal_entity_id = 'US02' order by payment_number $$,
    $$ values ('PAY-00000001', 'FIRST'), ('PAY-00000002', 'EURO') $$,
    'the first bank account of a currency is its default, and a legal entity numbers its own payments');
select results_eq(
    $$ select * from test.voucher('PAY-00000001', 'US02') $$,
    $$ values ('200100', null, 10.00, 10.00), ('110110', null, -10.00, -10.00) $$,
    'a bank account without a ledger account is on the legal entity''s');
select results_eq(
    $$ select * from test.voucher('PAY-00000002', 'US02') $$,
    $$ values ('200100', null, 20.00, 22.00), ('110139', null, -20.00, -22.00) $$,
    'one with a bridging account is credited there until the bank has paid');
select test.credit('ANN', 30, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
select test.pay(bank_account => 'SECOND', legal_entity_id => 'US02');
select results_eq(
    $$ select * from test.voucher('PAY-00000003', 'US02') $$,
    $$ values ('200100', null, 30.00, 30.00), ('110120', null, -30.00, -30.00) $$,
    'one with a ledger account of its own is credited there');

-- A payable account that was changed since: what is debited is what was credited.
select test.credit('ANN', 5, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
update reimbursement.legal_entities set payable_account = '200999' where legal_entity_id = 'US02';
select test.pay(legal_entity_id => 'US02');
select results_eq(
    $$ select * from test.voucher('PAY-00000004', 'US02') $$,
    $$ values ('200100', null, 5.00, 5.00), ('110110', null, -5.00, -5.00) $$,
    'payables are debited on the account where the invoice was posted');
select is(
    (select payable_account::text from reimbursement.vendor_transactions
    where legal_entity_id = 'US02' and voucher = 'PAY-00000004'), '200100', 'which is the payment''s, too');

-- A payment keeps what it was told, whatever becomes of the vendor.
update reimbursement.vendors set iban = 'FR1420041010050500013M02606', name = 'Somebody else'
where legal_entity_id = 'US01' and vendor_account = 'OTV-00000001';
select results_eq(
    $$ select creditor_name, creditor_iban from reimbursement.vendor_payments
    where legal_entity_id = 'US01' and payment_number = 'PAY-00000001' $$,
    $$ values ('Customer ANN', 'DE89370400440532013000') $$,
    'a payment keeps the payee''s name and account as they were');

-- IBANs are entered as people write them.
select test.company(legal_entity_id => 'US03');
select test.bank_account(legal_entity_id => 'US03');
select test.payee('ANN', 10, iban => 'DE89 3704 0044 0532 0130 00', legal_entity_id => 'US03');
select test.reimburse(legal_entity_id => 'US03');
select test.pay(legal_entity_id => 'US03');
select is(
    (select creditor_iban from reimbursement.vendor_payments where legal_entity_id = 'US03'), 'DE89370400440532013000',
    'a payment has the IBAN without the spaces that people put into it');

-- What was paid stays.
select throws_ok(
    format('%s reimbursement.%s', c.change, c.name), 'RB015', null, format('paid stays paid: %s %s', c.change, c.name))
from (
    values
    ('delete from', 'payments'), ('truncate', 'payments'), ('update', 'payments set amount = amount + 1'),
    ('delete from', 'vendor_settlements'), ('update', 'vendor_settlements set amount = amount + 1'),
    ('delete from', 'payment_files'), ('update', $$payment_files set content = ''$$),
    ('update', 'vendor_transactions set settled_amount = 0, settled_accounting_amount = 0 where amount < 0')
) as c (change, name);

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
