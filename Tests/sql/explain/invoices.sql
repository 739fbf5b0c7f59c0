-- Why an invoice is not paid: what is left out without a report, too. The order of the reasons, and that the first is
-- the preview's, order_of_skip_reasons.sql has.
select plan(21);

select test.company(), test.bank_account(), test.rate('EUR', 1.1);
select test.vendor('LATER', iban => 'DE89370400440532013000', payment_terms_days => 30);
select test.payee('ANN', 10), test.payee('BOB', 20), test.payee('CAT', 30), test.payee('DAN', 40, 'EUR');
select test.payee('EVE', 50, vendor_account => 'LATER');
select test.reimburse();

create function pg_temp.invoice(customer_account text) returns text
language sql
as $$
    select r.invoice_number from reimbursement.reimbursement_report as r
    where r.customer_account = invoice.customer_account
$$;
create function pg_temp.explained(
    customer_account text, payment_date date default '2025-07-15', due_through date default null
) returns text
language sql
as $$
    select string_agg(concat_ws(' ', coalesce(e.reason, 'pays'), case when e.is_first then 'first' end), ', ')
    from reimbursement.explain_invoice(
        'US01', pg_temp.invoice(explained.customer_account), explained.payment_date, explained.due_through) as e
$$;

select is(pg_temp.explained('ANN'), 'pays first', 'an invoice that nothing holds has one row, without a reason');
select results_eq(
    $$ select found, remedy from reimbursement.explain_invoice('US01', pg_temp.invoice('ANN'), '2025-07-15') $$,
    $$ values (
        '[{"vendor_account": "OTV-00000001", "currency": "USD", "amount": 10.00, "payment_amount": 10.00,
            "payment_date": "2025-07-15", "bank_account": "BANK"}]'::jsonb,
        'Nothing holds it: a run with these choices would pay it.') $$, 'which says what would be paid, and from where');
select is(
    pg_temp.explained('EVE'), 'not_due', 'one that is not due is left out without a report: no reason of it is first');
select is(
    pg_temp.explained('EVE', due_through => '2025-07-30'), 'pays first', 'in a run that pays what is due later it is');
select is(pg_temp.explained('EVE', '2025-07-30'), 'pays first', 'or on the day on which it is');
update reimbursement.vendors set hold = 'payment' where vendor_account = 'LATER';
select is(pg_temp.explained('EVE'), 'not_due, vendor_on_hold', 'what would hold it then is said beside it');
select is(
    (select e.found -> 0 from reimbursement.explain_invoice('US01', pg_temp.invoice('EVE'), '2025-07-15') as e
    where e.reason = 'not_due'), '{"due_date": "2025-07-30", "due_through": "2025-07-15"}', 'with the days');
select is(pg_temp.explained('DAN'), 'currency_not_payable first', 'an invoice that the bank account does not pay');
select is(
    (select e.found -> 0 from reimbursement.explain_invoice(
        'US01', pg_temp.invoice('DAN'), '2025-07-15', bank_account => 'BANK') as e),
    '{"currency": "EUR", "bank_account": "BANK", "bank_currency": "USD"}', 'says which account it was');

-- A maximum: the others of the run count; one payment a vendor: his others do.
select results_eq(
    $$ select c.account, (
        select e.reason || ' ' || (e.found #>> '{0,run_total}')
        from reimbursement.explain_invoice(
            'US01', pg_temp.invoice(c.account), '2025-07-15', maximum_total => 30) as e)
    from (values ('ANN'), ('BOB'), ('CAT')) as c (account) $$,
    $$ values ('ANN', null), ('BOB', null), ('CAT', 'over_maximum 60.00') $$,
    'what is over the maximum is so because of the others of its run');
select test.credit('ANN', 5, dimensions => '{"Department": "010"}');
select test.reimburse(customer_filter => 'ANN');
update reimbursement.legal_entities set maximum_payment = 12;
select results_eq(
    $$ select e.reason, e.found -> 0
    from (values ('invoice'), ('vendor')) as w (pay_per)
    cross join lateral reimbursement.explain_invoice(
        'US01', 'RINV-00000006', '2025-07-15', pay_per => w.pay_per) as e
    where e.reason is not null $$,
    $$ values (
        'over_single_maximum',
        '{"payment_accounting_amount": 15.00, "maximum_payment": 12, "accounting_currency": "USD"}'::jsonb) $$,
    'with one payment a vendor it is too much together with his others');
update reimbursement.legal_entities set maximum_payment = null;

-- What is open no more.
select test.pay(vendor_filter => 'OTV-00000002');
select is(pg_temp.explained('BOB'), 'paid', 'what is paid is that alone');
select is(
    (select e.found #>> '{0,voucher}' from reimbursement.explain_invoice('US01', pg_temp.invoice('BOB')) as e),
    'PAY-00000001', 'by a payment');
select test.reverse_payments(array['PAY-00000001'], return_code => 'AC04');
select is(
    pg_temp.explained('BOB', '2025-07-20'), 'returned_to_same_account first', 'when that came back it is open again');
select test.reverse(array['RMB-00000002']);
select is(pg_temp.explained('BOB'), 'cancelled', 'what was reversed is cancelled');
select results_eq(
    $$ select e.found #>> '{0,voucher}', e.found #>> '{0,reason}'
    from reimbursement.explain_invoice('US01', pg_temp.invoice('BOB')) as e $$,
    $$ values ('REV-00000002', 'it was a mistake') $$, 'by a reversal, for a reason');

-- What is refused; and what it needs.
select throws_ok(
    $$ select * from reimbursement.explain_invoice('US01', 'RINV-9') $$, 'RB063',
    'legal entity "US01" has no invoice "RINV-9"', 'an invoice that there is not');
select throws_ok($$ select * from reimbursement.explain_invoice('US01', null) $$, 'RB006', null, 'NULL');
select throws_ok(
    $$ select * from reimbursement.explain_invoice('NOWHERE', 'RINV-1') $$, 'RB001', null, 'a legal entity');
set default_transaction_read_only = on;
select lives_ok(
    $$ select * from reimbursement.explain_invoice('US01', 'RINV-00000001', '2025-07-15') $$,
    'it works in a read-only transaction');
reset default_transaction_read_only;

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
