-- What a payment run is asked to pay: by due date, vendor, currency, method, bank account, up to a total, in batches.
select plan(58);

-- Each customer has a vendor V-… of its own, with its terms of payment, and one invoice of 30 June.
create function pg_temp.invoice(
    customer_account text, amount numeric default 10, currency text default 'USD', payment_terms_days int default 0,
    method_of_payment text default 'SEPA', legal_entity_id text default 'US01'
) returns void
language sql
as $$
    select test.vendor(
        'V-' || invoice.customer_account, payment_terms_days => invoice.payment_terms_days,
        method_of_payment => invoice.method_of_payment, iban => 'DE89370400440532013000',
        legal_entity_id => invoice.legal_entity_id);
    select test.payee(
        invoice.customer_account, invoice.amount, invoice.currency, vendor_account => 'V-' || invoice.customer_account,
        legal_entity_id => invoice.legal_entity_id)
$$;
-- Whom the latest run paid, and whom it skipped.
create function pg_temp.paid_customers() returns text
language sql
as $$
    select string_agg(p.customer_account, ' ' order by p.customer_account) from test.paid() as p
    where p.skip_reason is null
$$;
create function pg_temp.skipped_customers() returns text
language sql
as $$
    select string_agg(p.customer_account || ' ' || p.skip_reason, ', ' order by p.customer_account)
    from test.paid() as p
    where p.skip_reason is not null
$$;
-- Whom a run with these choices pays; it is undone.
create function pg_temp.whom(arguments text) returns text
language plpgsql
as $$
declare
    v_paid text;
begin
    execute format('select test.pay(%s)', arguments);
    raise exception using errcode = 'UNDO0', message = coalesce(pg_temp.paid_customers(), 'nobody');
exception
    when sqlstate 'UNDO0' then
        return sqlerrm;
end
$$;

select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.bank_account('OTHER', 'USD');
select test.rate('EUR', 1.1);
select test.rate('EUR', 1.3, '2025-07-16');
select pg_temp.invoice('NOW');
select pg_temp.invoice('IN-10', payment_terms_days => 10);
select pg_temp.invoice('IN-15', payment_terms_days => 15);
select pg_temp.invoice('IN-16', payment_terms_days => 16);
select pg_temp.invoice('IN-30', payment_terms_days => 30);
select pg_temp.invoice('EURO', currency => 'EUR');
select pg_temp.invoice('CHECK', method_of_payment => 'CHECK');
select pg_temp.invoice('NO-METHOD', method_of_payment => null);
select test.reimburse();

select is(pg_temp.whom(c.arguments), c.paid, c.what)
from (
    values
    ('due up to the payment date', $$'2025-07-15'$$, 'CHECK EURO IN-10 IN-15 NO-METHOD NOW'),
    ('on the next day, one more', $$'2025-07-16'$$, 'CHECK EURO IN-10 IN-15 IN-16 NO-METHOD NOW'),
    ('due up to an earlier day', $$due_through => '2025-07-10'$$, 'CHECK EURO IN-10 NO-METHOD NOW'),
    ('due up to the day before', $$due_through => '2025-07-09'$$, 'CHECK EURO NO-METHOD NOW'),
    ('due up to a later day: paid early', $$due_through => '2025-07-30'$$,
        'CHECK EURO IN-10 IN-15 IN-16 IN-30 NO-METHOD NOW'),
    ('due before everything', $$due_through => '2025-06-29'$$, 'nobody'),
    ('one vendor', $$vendor_filter => 'V-NOW'$$, 'NOW'),
    ('vendors by a wildcard, in any case', $$vendor_filter => 'v-in-*'$$, 'IN-10 IN-15'),
    ('vendors of a range', $$vendor_filter => 'V-A..V-F'$$, 'CHECK EURO'),
    ('all vendors but some', $$vendor_filter => '!V-IN*, !V-CHECK'$$, 'EURO NO-METHOD NOW'),
    ('a vendor who is none', $$vendor_filter => 'V-NOBODY'$$, 'nobody'),
    ('one currency', $$currency => 'EUR'$$, 'EURO'),
    ('another currency', $$currency => 'USD'$$, 'CHECK IN-10 IN-15 NO-METHOD NOW'),
    ('one method of payment', $$method_of_payment => 'SEPA'$$, 'EURO IN-10 IN-15 NOW'),
    ('another method of payment', $$method_of_payment => 'CHECK'$$, 'CHECK'),
    ('a bank account, which pays its own currency', $$bank_account => 'OTHER'$$, 'CHECK IN-10 IN-15 NO-METHOD NOW'),
    ('a bank account of that currency', $$bank_account => 'EURO', currency => 'EUR'$$, 'EURO'),
    ('all at once', $$'2025-07-10', vendor_filter => 'V-IN*', currency => 'USD', method_of_payment => 'SEPA',
        bank_account => 'OTHER'$$, 'IN-10')
) as c (what, arguments, paid);

-- What is not named is no skip, either.
select test.pay(vendor_filter => 'V-NOW', currency => 'USD', method_of_payment => 'SEPA', bank_account => 'OTHER');
select is(pg_temp.paid_customers(), 'NOW', 'who is named is paid');
select is(pg_temp.skipped_customers(), null, 'who is not named is not reported');
select is(
    (select bank_account::text from reimbursement.vendor_payments where run_id = test.last_run()), 'OTHER',
    'from the bank account that is named');
select test.pay(bank_account => 'OTHER', vendor_filter => 'V-EURO');
select is(pg_temp.skipped_customers(), 'EURO currency_not_payable', 'which does not pay another currency');

-- No payment is dated before the minimum payment date.
select test.pay(vendor_filter => 'V-EURO, V-IN-16', minimum_payment_date => '2025-07-16');
select is(pg_temp.paid_customers(), 'EURO IN-16', 'invoices due up to the minimum payment date are paid');
select is(
    (select array_agg(distinct payment_date) from reimbursement.vendor_payments where run_id = test.last_run()),
    array['2025-07-16'::date], 'on that date');
select is(
    (select accounting_amount from reimbursement.vendor_payments where run_id = test.last_run() and currency = 'EUR'),
    13.00, 'at its rate');
select is(
    (select array_agg(distinct posting_date) from reimbursement.ledger_entries where run_id = test.last_run()),
    array['2025-07-16'::date], 'and are posted on it');
select is(
    (select posting_date from reimbursement.runs where run_id = test.last_run()), '2025-07-16'::date,
    'as the run says');
select test.pay('2025-07-17', vendor_filter => 'V-IN-15', minimum_payment_date => '2025-07-16');
select is(
    (select payment_date from reimbursement.vendor_payments where run_id = test.last_run()), '2025-07-17'::date,
    'a payment date after it stands');
select test.pay(vendor_filter => 'V-IN-10, V-IN-30', due_through => '2025-07-15', minimum_payment_date => '2025-07-30');
select is(pg_temp.paid_customers(), 'IN-10', 'due_through stands beside it');
select throws_ok(
    $$ select reimbursement.enqueue_vendor_payment('US01', '2025-07-15', minimum_payment_date => '2027-01-01') $$,
    'RB003',
    null, 'its period has to be there');

-- A maximum total, in accounting currency, by due date and then number: what does not fit, and all after it, waits.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'US02');
select test.rate('EUR', 1.25, legal_entity_id => 'US02');
select pg_temp.invoice('E-LAST', 1, payment_terms_days => 5, legal_entity_id => 'US02');
select pg_temp.invoice('D-SMALL', 1, legal_entity_id => 'US02');
select pg_temp.invoice('C-HELD', 500, legal_entity_id => 'US02');
select pg_temp.invoice('C-LARGE', 100, legal_entity_id => 'US02');
select pg_temp.invoice('B-EURO', 20, 'EUR', legal_entity_id => 'US02');
select pg_temp.invoice('A', 10, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');
update reimbursement.vendor_invoices set held_until = '2025-12-31' where vendor_account = 'V-C-HELD';
-- In this order: A 10, B-EURO 25, C-LARGE 100, D-SMALL 1, E-LAST 1: 10, 35, 135, 136, 137.
create function pg_temp.up_to(maximum_total numeric, batches int default 1) returns text
language plpgsql
as $$
declare
    v_result text;
begin
    perform test.pay(
        maximum_total => up_to.maximum_total, batches => up_to.batches, legal_entity_id => 'US02');
    v_result := coalesce(pg_temp.paid_customers(), 'nobody') || coalesce('; ' || pg_temp.skipped_customers(), '');
    raise exception using errcode = 'UNDO0', message = v_result;
exception
    when sqlstate 'UNDO0' then
        return sqlerrm;
end
$$;
select is(pg_temp.up_to(m.maximum, m.batches), m.result, format('a maximum of %s in %s batches', m.maximum, m.batches))
from (
    values
    (0.01, 'nobody; A over_maximum, B-EURO over_maximum, C-HELD held_until, C-LARGE over_maximum, '
        || 'D-SMALL over_maximum, E-LAST over_maximum'),
    (9.99, 'nobody; A over_maximum, B-EURO over_maximum, C-HELD held_until, C-LARGE over_maximum, '
        || 'D-SMALL over_maximum, E-LAST over_maximum'),
    (10, 'A; B-EURO over_maximum, C-HELD held_until, C-LARGE over_maximum, D-SMALL over_maximum, E-LAST over_maximum'),
    (34.99, 'A; B-EURO over_maximum, C-HELD held_until, C-LARGE over_maximum, D-SMALL over_maximum, E-LAST over_maximum'),
    (35, 'A B-EURO; C-HELD held_until, C-LARGE over_maximum, D-SMALL over_maximum, E-LAST over_maximum'),
    (134.99, 'A B-EURO; C-HELD held_until, C-LARGE over_maximum, D-SMALL over_maximum, E-LAST over_maximum'),
    (136, 'A B-EURO C-LARGE D-SMALL; C-HELD held_until, E-LAST over_maximum'),
    (137, 'A B-EURO C-LARGE D-SMALL E-LAST; C-HELD held_until'),
    (1000000, 'A B-EURO C-LARGE D-SMALL E-LAST; C-HELD held_until')
) as x (maximum, result)
cross join (values (1), (3)) as b (batches)
cross join lateral (select x.maximum, x.result, b.batches) as m
where b.batches = 1 or x.maximum in (10, 35, 134.99, 136, 1000000);

-- Due date before number: here the batches' order is not that of the due dates.
select test.company(legal_entity_id => 'US03');
select test.bank_account(legal_entity_id => 'US03');
select pg_temp.invoice('A', 10, payment_terms_days => 9, legal_entity_id => 'US03');
select pg_temp.invoice('B', 20, payment_terms_days => 5, legal_entity_id => 'US03');
select pg_temp.invoice('C', 40, payment_terms_days => 7, legal_entity_id => 'US03');
select pg_temp.invoice('D', 80, payment_terms_days => 5, legal_entity_id => 'US03');
select test.reimburse(legal_entity_id => 'US03');
select test.pay(maximum_total => 140, batches => 4, legal_entity_id => 'US03');
select is(
    pg_temp.paid_customers(), 'B C D',
    'a maximum is over the whole run, however its batches are cut: the first due come first');
select is(pg_temp.skipped_customers(), 'A over_maximum', 'and the last due is left');
select is(
    (select accounting_amount from reimbursement.runs where run_id = test.last_run()), 140.00,
    'the total is not over it');

-- What is skipped for another reason uses up nothing of the maximum.
select test.company(legal_entity_id => 'US05');
select test.bank_account(legal_entity_id => 'US05');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'US05');
select test.rate('EUR', 1, legal_entity_id => 'US05');
select pg_temp.invoice('A-GIANT', 1000000000, 'EUR', legal_entity_id => 'US05');
select pg_temp.invoice('B', 10, legal_entity_id => 'US05');
select test.reimburse(legal_entity_id => 'US05');
select test.pay(maximum_total => 10, legal_entity_id => 'US05');
select is(pg_temp.paid_customers(), 'B', 'an amount that no file can carry uses up nothing of the maximum');
select is(pg_temp.skipped_customers(), 'A-GIANT amount_not_representable', 'and has its own reason');

-- Batches: a vendor is wholly in one, all of them are covered.
select test.company(legal_entity_id => 'US04');
select test.bank_account(legal_entity_id => 'US04');
select pg_temp.invoice(format('C%s', lpad(i::text, 3, '0')), i, legal_entity_id => 'US04')
from generate_series(1, 40) as i;
select
    test.credit(format('C%s', lpad(i::text, 3, '0')), 1, dimensions => '{"Department": "X"}', legal_entity_id => 'US04')
from generate_series(1, 40) as i;
select test.reimburse(summarize_customer => false, legal_entity_id => 'US04');
select test.pay(batches => 4, legal_entity_id => 'US04');
select is(
    (select array_agg(j.processed order by j.batch) from reimbursement.jobs as j where j.run_id = test.last_run()),
    array[20, 20, 20, 20], 'forty vendors with two invoices each, in four batches of twenty payments');
select is_empty(
    $$ select p.vendor_account from reimbursement.payments as p where p.run_id = test.last_run()
    group by p.vendor_account having count(distinct p.job_id) > 1 $$, 'each vendor is wholly in one');
select is_empty($$ select from test.balances('US04') as b where b.account like 'vendor %' $$, 'and none is left out');
select is(
    (select count(*) from reimbursement.payment_files where run_id = test.last_run()), 3::bigint,
    'the run has one file in each format all the same');
select is(
    (select payments from reimbursement.payment_files where run_id = test.last_run() and format = 'csv'), 80,
    'with the payments of all batches');
select test.pay(batches => 3, legal_entity_id => 'US04');
select is(
    (select array_agg(j.processed order by j.batch) from reimbursement.jobs as j where j.run_id = test.last_run()),
    array[0, 0, 0], 'batches of nobody complete');

-- An invoice that appears between enqueue and transfer is in one batch; one that is paid meanwhile is in none.
select reimbursement.enqueue_vendor_payment('US04', '2025-07-15', batches => 2);
select pg_temp.invoice('LATE', legal_entity_id => 'US04');
update reimbursement.jobs set state = 'scheduled', run_at = now() + interval '1 hour'
where kind = 'vendor_payment' and state = 'ready';
select test.reimburse(legal_entity_id => 'US04');
update reimbursement.jobs set run_at = now() where state = 'scheduled';
select test.work_off();
select is(
    (select count(*) from reimbursement.vendor_payments where legal_entity_id = 'US04' and vendor_account = 'V-LATE'),
    1::bigint, 'an invoice that appears meanwhile is paid');

-- No payment date is today, where the legal entity is.
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
values ('US04', '2027-01-01', '2099-12-31');
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati' where legal_entity_id = 'US04';
select reimbursement.enqueue_vendor_payment('US04') as run_id \gset
select is(
    (select posting_date from reimbursement.runs where run_id = :run_id),
    (now() at time zone 'Pacific/Kiritimati')::date, 'no payment date is today in the legal entity''s time zone');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
