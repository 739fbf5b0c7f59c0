-- The limits of each reason why a payment run leaves an invoice out, and what it does not report.
select plan(52);

-- The limits of each reason. Each customer has a vendor of its own, and an invoice of 30 June, all but some for USD 10.
select test.company(accounting_currency => 'EUR', legal_entity_id => 'FR01');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'FR01');
select test.bank_account('DOLLAR', 'USD', legal_entity_id => 'FR01');
select test.rate('USD', 0.9, legal_entity_id => 'FR01');
select test.rate('CHF', 1, legal_entity_id => 'FR01');
select test.rate('GBP', 1.2, legal_entity_id => 'FR01');
select test.rate('GBP', 1.2, '2025-06-30', legal_entity_id => 'FR01');
create function pg_temp.invoice(
    customer_account text, hold text default 'none', method_of_payment text default 'SEPA',
    iban text default 'DE89370400440532013000', bic text default null, name text default 'Ann',
    customer_iban text default 'DE89370400440532013000', amount numeric default 10, currency text default 'USD'
) returns void
language sql
as $$
    select test.vendor(
        'V-' || invoice.customer_account, hold => invoice.hold, method_of_payment => invoice.method_of_payment,
        iban => invoice.iban, bic => invoice.bic, name => invoice.name, legal_entity_id => 'FR01');
    select test.payee(
        invoice.customer_account, invoice.amount, invoice.currency, iban => invoice.customer_iban,
        vendor_account => 'V-' || invoice.customer_account, legal_entity_id => 'FR01')
$$;

select pg_temp.invoice('ORDINARY');
select pg_temp.invoice('HOLD-PAYMENT', hold => 'payment');
select pg_temp.invoice('HELD-DAY-BEFORE');
select pg_temp.invoice('HELD-SAME-DAY');
select pg_temp.invoice('HELD-DAY-AFTER');
select pg_temp.invoice('NO-IBAN', iban => null);
select pg_temp.invoice('NO-IBAN-CHECK', iban => null, method_of_payment => 'CHECK');
select pg_temp.invoice('NO-METHOD', iban => null, method_of_payment => null);
select pg_temp.invoice('NO-METHOD-IBAN', method_of_payment => null);
select pg_temp.invoice('UNKNOWN-METHOD', iban => null, method_of_payment => 'BARTER');
select pg_temp.invoice('UNKNOWN-METHOD-IBAN', method_of_payment => 'BARTER');
select pg_temp.invoice('WITH-BIC', bic => 'COBADEFFXXX');
select pg_temp.invoice('OTHER-IBAN', iban => 'FR1420041010050500013M02606');
select pg_temp.invoice('OTHER-IBAN-CHECK', iban => 'FR1420041010050500013M02606', method_of_payment => 'CHECK');
select pg_temp.invoice('CUSTOMER-WITHOUT', customer_iban => null);
select pg_temp.invoice('VENDOR-WITHOUT', iban => null, method_of_payment => 'CHECK');
select pg_temp.invoice('BOTH-WITHOUT', iban => null, customer_iban => null, method_of_payment => 'CHECK');
select pg_temp.invoice('SPACES', iban => 'DE8937040044 0532013000', customer_iban => 'DE89 3704 0044 0532 0130 00');
select pg_temp.invoice('GREEK', name => 'Αθηνά');
select pg_temp.invoice('KANJI', name => '株式会社');
select pg_temp.invoice('KANJI-A', name => '株式会社 A');
select pg_temp.invoice('KANJI-CHECK', name => '株式会社', method_of_payment => 'CHECK');
select pg_temp.invoice('SIGNS', name => '***');
select pg_temp.invoice('SEPA-MOST', amount => 999999999.99, currency => 'EUR');
select pg_temp.invoice('SEPA-MORE', amount => 1000000000.00, currency => 'EUR');
select pg_temp.invoice('SEPA-MORE-CHECK', amount => 1000000000.00, currency => 'EUR', method_of_payment => 'CHECK');
select pg_temp.invoice('USD-MORE', amount => 1000000000.00);
select pg_temp.invoice('USD-MOST', amount => 9999999999999999.99);
select pg_temp.invoice('USD-TOO-MUCH', amount => 10000000000000000.00);
select pg_temp.invoice('POUNDS', currency => 'GBP');
select test.reimburse(legal_entity_id => 'FR01');
-- The hold of a vendor for invoices would have kept its customers out.
update reimbursement.vendors set hold = 'invoice' where vendor_account = 'V-WITH-BIC';
update reimbursement.vendor_invoices set held_until = case vendor_account
    when 'V-HELD-DAY-BEFORE' then '2025-07-14' when 'V-HELD-SAME-DAY' then '2025-07-15'
    when 'V-HELD-DAY-AFTER' then date '2025-07-16' end
where legal_entity_id = 'FR01';
-- Details that were right when they were entered, or never were.
select pg_temp.invoice('WRONG-BIC');
select pg_temp.invoice('WRONG-IBAN', customer_iban => null);
select pg_temp.invoice('ALL-HELD');
select test.reimburse(customer_filter => 'WRONG-*, ALL-HELD', legal_entity_id => 'FR01');
set session_replication_role = replica;
update reimbursement.vendors set bic = 'COBADEF' where vendor_account = 'V-WRONG-BIC';
update reimbursement.vendors set iban = 'DE88370400440532013000' where vendor_account = 'V-WRONG-IBAN';
update reimbursement.vendors set hold = 'all' where vendor_account = 'V-ALL-HELD';
reset session_replication_role;

select test.pay(vendor_filter => '!V-USD-MOST', legal_entity_id => 'FR01');
select is(test.payment_fate(f.account), f.fate, format('%s: %s', f.account, f.fate))
from (
    values
    ('ORDINARY', 'paid'), ('HOLD-PAYMENT', 'vendor_on_hold'), ('ALL-HELD', 'vendor_on_hold'),
    ('HELD-DAY-BEFORE', 'paid'), ('HELD-SAME-DAY', 'paid'), ('HELD-DAY-AFTER', 'held_until'),
    ('NO-IBAN', 'bank_details_missing'), ('NO-IBAN-CHECK', 'paid'), ('NO-METHOD', 'bank_details_missing'),
    ('NO-METHOD-IBAN', 'paid'), ('UNKNOWN-METHOD', 'bank_details_missing'), ('UNKNOWN-METHOD-IBAN', 'paid'),
    ('WRONG-IBAN', 'bank_details_missing'), ('WRONG-BIC', 'bank_details_missing'), ('WITH-BIC', 'paid'),
    ('OTHER-IBAN', 'bank_details_differ'), ('OTHER-IBAN-CHECK', 'bank_details_differ'), ('CUSTOMER-WITHOUT', 'paid'),
    ('VENDOR-WITHOUT', 'paid'), ('BOTH-WITHOUT', 'paid'), ('SPACES', 'paid'), ('GREEK', 'paid'),
    ('KANJI', 'name_not_representable'), ('KANJI-A', 'paid'), ('KANJI-CHECK', 'paid'),
    ('SIGNS', 'name_not_representable'), ('SEPA-MOST', 'paid'), ('SEPA-MORE', 'amount_not_representable'),
    ('SEPA-MORE-CHECK', 'paid'), ('USD-MORE', 'paid'), ('USD-TOO-MUCH', 'amount_not_representable'),
    ('POUNDS', 'currency_not_payable')
) as f (account, fate);
select is(
    (select array_agg(p.is_transfer order by p.vendor_account) from reimbursement.payments as p
    where p.vendor_account in ('V-NO-METHOD-IBAN', 'V-NO-IBAN-CHECK', 'V-UNKNOWN-METHOD-IBAN')),
    array[false, true, true], 'a vendor without a method of payment, or with an unknown one, is paid by transfer');
select results_eq(
    $$ select processed, skipped, state from reimbursement.runs where run_id = test.last_run() $$,
    $$ values (17::bigint, 15::bigint, 'completed') $$, 'the run counts them, and a skip is no error of it');
select is_empty(
    $$ select from reimbursement.vendor_transactions as t
    inner join reimbursement.skipped_invoices as s
        on s.run_id = test.last_run() and s.legal_entity_id = t.legal_entity_id and s.invoice_number = t.invoice_number
    where t.open_amount <> t.amount $$,
    'an invoice that is skipped is as open as before');
select is_empty(
    $$ select from test.paid() as p
    inner join test.paid() as q on q.invoice_number = p.invoice_number and (p is distinct from q) $$,
    'no invoice is both');
select test.pay(vendor_filter => 'V-USD-MOST', legal_entity_id => 'FR01');
select is(test.payment_fate('USD-MOST'), 'paid',
    'USD-MOST: paid, in a file of its own, whose total has 18 digits, too');

-- The payment date, the invoice's, and that of its last reopening.
select test.payee('NEW', 10, legal_entity_id => 'FR01');
select test.reimburse('2025-08-10', legal_entity_id => 'FR01', customer_filter => 'NEW');
select test.pay('2025-08-09', due_through => '2025-08-31', legal_entity_id => 'FR01');
select is(test.payment_fate('NEW'), 'before_invoice', 'a payment is not dated before its invoice');
select test.pay('2025-08-10', legal_entity_id => 'FR01');
select is(test.payment_fate('NEW'), 'paid', 'it may be on the same day');
create function pg_temp.payment(customer_account text) returns text[]
language sql
as $$
    select array[r.payment_number] from reimbursement.reimbursement_report as r
    where r.customer_account = payment.customer_account
$$;
select test.reverse_payments(pg_temp.payment('NEW'), '2025-08-12', legal_entity_id => 'FR01');
select test.pay('2025-08-11', legal_entity_id => 'FR01');
select is(test.payment_fate('NEW'), 'later_activity', 'nor before the day on which an earlier payment was taken back');
select test.pay('2025-08-12', legal_entity_id => 'FR01');
select is(test.payment_fate('NEW'), 'paid', 'it may be on the same day');

-- What is not due, or not named, is not reported.
select test.vendor('V-LATER', payment_terms_days => 30, iban => 'DE89370400440532013000', legal_entity_id => 'FR01');
select test.payee('LATER', 10, vendor_account => 'V-LATER', legal_entity_id => 'FR01');
select test.reimburse(legal_entity_id => 'FR01', customer_filter => 'LATER');
update reimbursement.vendors set hold = 'payment' where vendor_account = 'V-LATER';
select test.pay('2025-07-29', legal_entity_id => 'FR01');
select is(test.payment_fate('LATER'), 'not reported', 'an invoice that is not due is left out and not reported');
select test.pay('2025-07-30', legal_entity_id => 'FR01');
select is(test.payment_fate('LATER'), 'vendor_on_hold', 'on its due date it is');
select test.pay('2025-07-30', vendor_filter => '!V-LATER', legal_entity_id => 'FR01');
select is(test.payment_fate('LATER'), 'not reported', 'nor is a vendor whom the filter does not name');

-- A currency that none of the legal entity's default bank accounts pays, and one that the named account does not pay.
select test.pay('2025-08-12', bank_account => 'EURO', vendor_filter => 'V-LATER, V-POUNDS', legal_entity_id => 'FR01');
select is(test.payment_fate('POUNDS'), 'currency_not_payable', 'a euro account pays no pounds');
select test.payee('FRANKEN', 10, 'CHF', legal_entity_id => 'FR01');
select test.reimburse(legal_entity_id => 'FR01', customer_filter => 'FRANKEN');
select test.bank_account('SWISS', 'CHF', is_default => false, legal_entity_id => 'FR01');
select test.pay(legal_entity_id => 'FR01');
select is(test.payment_fate('FRANKEN'), 'currency_not_payable',
    'an account that is not the default is not taken by itself');
select test.pay(bank_account => 'SWISS', legal_entity_id => 'FR01');
select is(test.payment_fate('FRANKEN'), 'paid', 'it pays when it is named');

-- Rates.
update reimbursement.legal_entities set max_rate_age_days = 30 where legal_entity_id = 'FR01';
select test.bank_account('POUND', 'GBP', legal_entity_id => 'FR01');
select test.pay('2025-07-31', legal_entity_id => 'FR01');
select is(test.payment_fate('POUNDS'), 'no_exchange_rate', 'a rate that is too old counts as missing');
select test.pay('2025-07-30', legal_entity_id => 'FR01');
select is(test.payment_fate('POUNDS'), 'paid', 'until it is');

-- The amount is that of the payment, not of the invoice.
select pg_temp.invoice('SPLIT', amount => 600000000, currency => 'EUR');
select test.credit('SPLIT', 500000000, 'EUR', dimensions => '{"Department": "010"}', legal_entity_id => 'FR01');
select test.reimburse(summarize_customer => false, legal_entity_id => 'FR01', customer_filter => 'SPLIT');
select test.pay(pay_per => 'vendor', legal_entity_id => 'FR01');
select is(
    (select array_agg(p.skip_reason) from test.paid() as p where p.customer_account = 'SPLIT'),
    array['amount_not_representable', 'amount_not_representable'],
    'two invoices that a file cannot carry as one payment');
select test.pay(legal_entity_id => 'FR01');
select is(test.payment_fate('SPLIT'), 'paid', 'it carries each by itself');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
