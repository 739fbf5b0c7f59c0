-- One payment per vendor and currency: its sum, its rounding, and which invoices it pays.
select plan(28);

-- Ann: three invoices of 0.33 EUR and one of 7 USD. In USD at 1.1: 0.363 each, 1.089 together.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.rate('EUR', 1.1);
select test.payee('ANN', 0.33, 'EUR', dimensions => '{"Department": "010"}');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "020"}');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "030"}');
select test.credit('ANN', 7, 'USD', dimensions => '{"Department": "030"}');
select test.payee('BOB', 5);
select test.reimburse(summarize_customer => false);
select test.pay(pay_per => 'vendor');

create function pg_temp.payments()
returns table (payment_number text, vendor_account text, currency text, amount numeric, accounting_amount numeric,
    invoices text)
language sql
as $$
    select p.payment_number, p.vendor_account, p.currency, p.amount, p.accounting_amount,
        array_to_string(p.invoice_numbers, ' ')
    from reimbursement.vendor_payments as p
    where p.run_id = test.last_run()
    order by p.payment_number
$$;
select results_eq(
    $$ select payment_number, vendor_account, currency, amount, accounting_amount, invoices from pg_temp.payments() $$,
    $$ values
    ('PAY-00000001', 'OTV-00000001', 'EUR', 0.99, 1.09, 'RINV-00000001 RINV-00000002 RINV-00000003'),
    ('PAY-00000002', 'OTV-00000001', 'USD', 7.00, 7.00, 'RINV-00000004'),
    ('PAY-00000003', 'OTV-00000002', 'USD', 5.00, 5.00, 'RINV-00000005') $$,
    'a vendor has one payment in each currency, which is converted and rounded once');
select results_eq(
    $$ select * from test.voucher('PAY-00000001') $$,
    $$ values
    ('200100', '010', 0.33, 0.36), ('200100', '020', 0.33, 0.36), ('200100', '030', 0.33, 0.36),
    ('110110', null, -0.99, -1.09), ('801500', null, 0.00, 0.01) $$,
    'its payable lines are those of its invoices; what rounding them apart makes of it is a loss');
select results_eq(
    $$ select i.invoice_number::text collate "default", s.amount, s.debit_accounting_amount, s.credit_accounting_amount
    from reimbursement.vendor_settlements as s
    inner join reimbursement.vendor_transactions as i on i.vendor_transaction_id = s.credit_transaction_id
    where i.currency = 'EUR'
    order by i.invoice_number $$,
    $$ values
    ('RINV-00000001', 0.33, 0.36, 0.36), ('RINV-00000002', 0.33, 0.37, 0.36), ('RINV-00000003', 0.33, 0.36, 0.36) $$,
    'its settlements share its accounting amount by cumulative rounding; the invoices have their own');
select results_eq(
    $$ select transaction_type, invoice_number::text collate "default", amount, accounting_amount, open_amount,
        open_accounting_amount
    from reimbursement.vendor_transactions where voucher = 'PAY-00000001' $$,
    $$ values ('payment', null, 0.99, 1.09, 0.00, 0.00) $$,
    'the vendor has one debit, which bears no invoice''s number, and is settled wholly');
select is(
    (select invoice_number::text from reimbursement.vendor_transactions where voucher = 'PAY-00000002'),
    'RINV-00000004',
    'a payment of one invoice bears its number');
select is_empty(
    $$ select from test.balances() as b where b.account like 'vendor %' $$, 'and is owed nothing any more');
select is(
    (select remittance from reimbursement.payments where payment_number = 'PAY-00000001'),
    'RINV-00000001, RINV-00000002, RINV-00000003', 'the payment says which invoices it is for');
select is(
    (select array_agg(r.payment_number order by r.reimbursement_number)
        from reimbursement.reimbursement_report as r)::text,
    '{PAY-00000001,PAY-00000001,PAY-00000001,PAY-00000002,PAY-00000003}',
    'the report names it with each of its reimbursements');
select results_eq(
    $$ select processed, skipped, accounting_amount from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (3::bigint, 0::bigint, 13.09) $$, 'the run counts payments, not invoices');

-- By invoice, the same is rounded three times.
select test.company(legal_entity_id => 'US02');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'US02');
select test.rate('EUR', 1.1, legal_entity_id => 'US02');
select test.payee('ANN', 0.33, 'EUR', dimensions => '{"Department": "010"}', legal_entity_id => 'US02');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "020"}', legal_entity_id => 'US02');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "030"}', legal_entity_id => 'US02');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US02');
select test.pay(pay_per => 'invoice', legal_entity_id => 'US02');
select results_eq(
    $$ select amount, accounting_amount from pg_temp.payments() $$,
    $$ values (0.33, 0.36), (0.33, 0.36), (0.33, 0.36) $$, 'by invoice each is a payment, and each is rounded');

-- A vendor of two customers, and of invoices that are not all paid.
select test.company(legal_entity_id => 'US03');
select test.bank_account(legal_entity_id => 'US03');
select test.vendor('V', iban => 'DE89370400440532013000', legal_entity_id => 'US03');
select test.payee('ANN', 10, vendor_account => 'V', legal_entity_id => 'US03');
select test.payee('BOB', 20, vendor_account => 'V', legal_entity_id => 'US03');
select test.payee('CAT', 40, vendor_account => 'V', iban => 'FR1420041010050500013M02606', legal_entity_id => 'US03');
select test.payee('DAN', 80, vendor_account => 'V', legal_entity_id => 'US03');
select test.payee('EVE', 160, vendor_account => 'V', iban => null, legal_entity_id => 'US03');
select test.reimburse(legal_entity_id => 'US03');
update reimbursement.vendor_invoices set held_until = '2025-12-31'
where legal_entity_id = 'US03' and amount = 80;
select test.pay(pay_per => 'vendor', legal_entity_id => 'US03');
select results_eq(
    $$ select amount, invoices from pg_temp.payments() $$,
    $$ values (190.00, 'RINV-00000001 RINV-00000002 RINV-00000005') $$,
    'customers who share a vendor are paid together, without what is skipped');
select is(test.payment_fate(f.account), f.fate, format('%s: %s', f.account, f.fate))
from (
    values
    ('ANN', 'paid'), ('BOB', 'paid'), ('CAT', 'bank_details_differ'), ('DAN', 'held_until'), ('EVE', 'paid')
) as f (account, fate);

-- A maximum in the midst of a vendor's invoices.
select test.company(legal_entity_id => 'US04');
select test.bank_account(legal_entity_id => 'US04');
select test.payee('ANN', 10, dimensions => '{"Department": "010"}', legal_entity_id => 'US04');
select test.credit('ANN', 20, dimensions => '{"Department": "020"}', legal_entity_id => 'US04');
select test.credit('ANN', 40, dimensions => '{"Department": "030"}', legal_entity_id => 'US04');
select test.payee('BOB', 1, legal_entity_id => 'US04');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US04');
select test.pay(pay_per => 'vendor', maximum_total => 69.99, legal_entity_id => 'US04');
select results_eq(
    $$ select amount, invoices from pg_temp.payments() $$,
    $$ values (30.00, 'RINV-00000001 RINV-00000002') $$, 'up to the maximum, a vendor is paid what fits');
select is(
    (select array_agg(p.skip_reason order by p.invoice_number) from test.paid() as p where p.skip_reason is not null),
    array['over_maximum', 'over_maximum'], 'the first invoice that does not fit is left out, and all after it');

-- What is skipped counts for nothing: 10, 30 and 40 are 80, and 20 between them is held.
select test.company(legal_entity_id => 'US06');
select test.bank_account(legal_entity_id => 'US06');
select test.payee('ANN', 10, dimensions => '{"Department": "010"}', legal_entity_id => 'US06');
select test.credit('ANN', 20, dimensions => '{"Department": "020"}', legal_entity_id => 'US06');
select test.credit('ANN', 30, dimensions => '{"Department": "030"}', legal_entity_id => 'US06');
select test.credit('ANN', 40, dimensions => '{"Department": "040"}', legal_entity_id => 'US06');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US06');
update reimbursement.vendor_invoices set held_until = '2025-12-31' where legal_entity_id = 'US06' and amount = 20;
select test.pay(pay_per => 'vendor', maximum_total => 80, legal_entity_id => 'US06');
select results_eq(
    $$ select amount, invoices from pg_temp.payments() $$,
    $$ values (80.00, 'RINV-00000001 RINV-00000003 RINV-00000004') $$,
    'an invoice that is held uses up nothing of the maximum');

-- The maximum counts a payment as it is rounded: 3 x 0.33 EUR at 1.1 are 1.09 together.
select test.company(legal_entity_id => 'US05');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'US05');
select test.rate('EUR', 1.1, legal_entity_id => 'US05');
select test.payee('ANN', 0.33, 'EUR', dimensions => '{"Department": "010"}', legal_entity_id => 'US05');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "020"}', legal_entity_id => 'US05');
select test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "030"}', legal_entity_id => 'US05');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US05');
select test.pay(pay_per => 'vendor', maximum_total => 1.08, legal_entity_id => 'US05');
select results_eq(
    $$ select amount, accounting_amount from pg_temp.payments() $$, $$ values (0.66, 0.73) $$,
    'together with the third it would be over the maximum');
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'US05');
select test.pay('2025-07-20', pay_per => 'vendor', maximum_total => 1.09, legal_entity_id => 'US05');
select results_eq(
    $$ select amount, accounting_amount from pg_temp.payments() $$, $$ values (0.99, 1.09) $$,
    'equal to the maximum is not over it');
select is_empty(
    $$ select from reimbursement.skipped_invoices where run_id = test.last_run() $$, 'then nothing is left out');

-- Invoices on two payable accounts: a payment never spans them.
select test.company(legal_entity_id => 'US07');
select test.bank_account(legal_entity_id => 'US07');
select test.payee('ANN', 10, dimensions => '{"Department": "010"}', legal_entity_id => 'US07');
select test.credit('ANN', 20, dimensions => '{"Department": "020"}', legal_entity_id => 'US07');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US07');
update reimbursement.legal_entities set payable_account = '200900' where legal_entity_id = 'US07';
select test.credit('ANN', 40, dimensions => '{"Department": "020"}', legal_entity_id => 'US07');
select test.reimburse(legal_entity_id => 'US07');
select results_eq(
    $$ select invoice_number, payment from reimbursement.preview_vendor_payment(
        'US07', '2025-07-15', pay_per => 'vendor') order by invoice_number $$,
    $$ values ('RINV-00000001', 1::bigint), ('RINV-00000002', 1), ('RINV-00000003', 2) $$,
    'a vendor has a payment for each payable account, which the preview shows');
select test.pay(pay_per => 'vendor', legal_entity_id => 'US07');
select results_eq(
    $$ select amount, invoices from pg_temp.payments() $$,
    $$ values (30.00, 'RINV-00000001 RINV-00000002'), (40.00, 'RINV-00000003') $$, 'and the run makes');
select results_eq(
    $$ select voucher::text collate "default", payable_account::text collate "default", amount
    from reimbursement.vendor_transactions where legal_entity_id = 'US07' and transaction_type = 'payment'
    order by 1 $$,
    $$ values ('PAY-00000001', '200100', 30.00), ('PAY-00000002', '200900', 40.00) $$,
    'each is one vendor transaction on its account');
select results_eq(
    $$ select ledger_account::text collate "default", amount from test.voucher('PAY-00000002', 'US07') $$,
    $$ values ('200900', 40.00), ('110110', -40.00) $$, 'and its voucher closes that account');

-- Each is rounded for itself: 2 x 0.33 EUR at 1.1 are 0.36 and 0.36, where together they would be 0.73.
select test.bank_account('EURO', 'EUR', legal_entity_id => 'US07'), test.rate('EUR', 1.1, legal_entity_id => 'US07');
select test.credit('ANN', 0.33, 'EUR', legal_entity_id => 'US07');
select test.reimburse(legal_entity_id => 'US07');
update reimbursement.legal_entities set payable_account = '200100' where legal_entity_id = 'US07';
select test.credit('ANN', 0.33, 'EUR', legal_entity_id => 'US07');
select test.reimburse(legal_entity_id => 'US07');
select results_eq(
    $$ select accounting_amount from reimbursement.preview_vendor_payment('US07', '2025-07-15', pay_per => 'vendor') $$,
    $$ values (0.36), (0.36) $$, 'and is rounded for itself');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
