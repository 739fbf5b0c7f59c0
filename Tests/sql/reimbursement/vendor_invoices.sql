-- What a reimbursement leaves on the vendor's side, and the voucher and numbers that tie it together.
select plan(15);

select test.company();
select test.rate('EUR', 2);
select test.vendor('V-30', payment_terms_days => 30);
select test.customer('ANN', vendor_account => 'V-30', name => 'Ann & Sons');
select test.credit('ANN', 60, 'EUR', voucher => 'CN-1');
select test.credit('ANN', 40, 'EUR', voucher => 'CN-2');
select test.credit('BOB', 5);
select test.reimburse();

select results_eq(
    $$ select invoice_number::text collate "default", vendor_account::text collate "default", invoice_date, due_date,
        currency, amount, accounting_amount
    from reimbursement.vendor_invoices order by invoice_number $$,
    $$ values
        ('RINV-00000001', 'V-30', date '2025-06-30', date '2025-07-30', 'EUR', 100.00, 200.00),
        ('RINV-00000002', 'OTV-00000001', date '2025-06-30', date '2025-06-30', 'USD', 5.00, 5.00) $$,
    'an invoice is dated on the posting date and due by the vendor''s terms');
select is(
    (select description from reimbursement.vendor_invoices where invoice_number = 'RINV-00000001'),
    'Reimbursement RMB-00000001 of customer ANN',
    'its text names the reimbursement and the customer''s account, not his name');
select results_eq(
    $$ select voucher::text collate "default", invoice_number::text collate "default", transaction_date, due_date,
        amount, accounting_amount, open_amount, open_accounting_amount
    from reimbursement.vendor_transactions order by vendor_transaction_id $$,
    $$ values
        ('RMB-00000001', 'RINV-00000001', date '2025-06-30', date '2025-07-30', -100.00, -200.00, -100.00, -200.00),
        ('RMB-00000002', 'RINV-00000002', date '2025-06-30', date '2025-06-30', -5.00, -5.00, -5.00, -5.00) $$,
    'its vendor transaction bears the ledger voucher and is open: a balance due');
select results_eq(
    $$ select vendor_account::text collate "default", currency, open_amount from reimbursement.vendor_balances
    order by vendor_account $$,
    $$ values ('OTV-00000001', 'USD', -5.00), ('V-30', 'EUR', -100.00) $$,
    'the balance has moved to the vendor');
select is(
    (select sum(abs(open_amount)) from reimbursement.customer_balances), 0.00, 'and away from the customer');
select results_eq(
    'select * from test.settlements()',
    $$ values
        ('RMB-00000001', 'CN-1', 60.00, 120.00, 120.00), ('RMB-00000001', 'CN-2', 40.00, 80.00, 80.00),
        ('RMB-00000002', 'LOAD', 5.00, 5.00, 5.00) $$,
    'every credit is tied to the reimbursement that cleared it');
select results_eq(
    $$ select * from test.voucher('RMB-00000001') $$,
    $$ values ('130100', null, 100.00, 200.00), ('200100', null, -100.00, -200.00) $$,
    'the voucher debits receivable and credits payable');
select is(
    (select count(*) from reimbursement.ledger_entries where posting_date = '2025-06-30' and run_id = test.last_run()),
    4::bigint, 'on the posting date, for the run');
select results_eq(
    $$ select transaction_type, transaction_date, amount, run_id from reimbursement.customer_transactions
    where voucher = 'RMB-00000001' $$,
    $$ select 'reimbursement', date '2025-06-30', 100.00, test.last_run() $$,
    'the customer has a debit of type reimbursement');
select results_eq(
    $$ select customer_account::text collate "default", customer_name, vendor_account::text collate "default",
        is_one_time_vendor, invoice_number::text collate "default", due_date, amount, payment_status
    from reimbursement.reimbursement_report order by reimbursement_number $$,
    $$ values
        ('ANN', 'Ann & Sons', 'V-30', false, 'RINV-00000001', date '2025-07-30', 100.00, 'open'),
        ('BOB', 'Customer BOB', 'OTV-00000001', true, 'RINV-00000002', date '2025-06-30', 5.00, 'open') $$,
    'the report has a row a reimbursement');

-- Ledger accounts of the company's own, and of the credit's.
select test.company(legal_entity_id => 'US02');
update reimbursement.legal_entities
set receivable_account = 'AR', payable_account = 'AP', realized_gain_account = 'GAIN', realized_loss_account = 'LOSS'
where legal_entity_id = 'US02';
select test.rate('EUR', 2, legal_entity_id => 'US02');
select test.credit('ANN', 10, 'EUR', accounting_amount => 19, legal_entity_id => 'US02');
select test.credit(
    'ANN', 10, 'EUR', accounting_amount => 19, receivable_account => 'AR-OLD', legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
select results_eq(
    $$ select * from test.voucher('RMB-00000001', 'US02') $$,
    $$ values ('AR', null, 10.00, 19.00), ('AR-OLD', null, 10.00, 19.00), ('AP', null, -20.00, -40.00),
        ('LOSS', null, 0.00, 2.00) $$,
    'the voucher posts to the accounts of the credits and of the legal entity');

-- Numbers: without gaps, also where a transfer fails; each in the form of its sequence.
update reimbursement.number_sequences set format = 'R/##/25', next_number = 99
where legal_entity_id = 'US02' and sequence = 'reimbursement';
select test.credit('ANN', 1, legal_entity_id => 'US02');
select test.credit('BOB', 1, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
select bag_eq(
    $$ select reimbursement_number from reimbursement.reimbursement_report where run_id = test.last_run() $$,
    array['R/99/25', 'R/100/25'], 'a number that outgrows its format takes the room it needs');

select test.credit('CAT', 1, legal_entity_id => 'US02');
alter table reimbursement.reimbursements add constraint out_of_order check (customer_account <> 'CAT');
select throws_ok($$ select test.reimburse(legal_entity_id => 'US02') $$, '23514', null, 'a transfer fails at its last step');
alter table reimbursement.reimbursements drop constraint out_of_order;
select is(
    (
        select array_agg(next_number order by sequence) from reimbursement.number_sequences
        where legal_entity_id = 'US02' and sequence in ('one_time_vendor', 'reimbursement', 'vendor_invoice')
    ),
    array[3, 101, 4]::bigint[], 'and has used up no number');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
