-- A preview says what a payment run would do, and writes nothing.
select plan(24);

-- Invoices of every kind: two vendors with several, two currencies, a check, skips of most reasons, some not due.
create function pg_temp.books(legal_entity_id text) returns void
language plpgsql
as $$
begin
    perform test.company(legal_entity_id => books.legal_entity_id);
    perform test.bank_account(legal_entity_id => books.legal_entity_id);
    perform test.bank_account('EURO', 'EUR', legal_entity_id => books.legal_entity_id);
    perform test.bank_account('OTHER', 'USD', legal_entity_id => books.legal_entity_id);
    perform test.rate('EUR', 1.1, legal_entity_id => books.legal_entity_id);
    perform test.rate('EUR', 1.15, '2025-07-15', books.legal_entity_id);
    perform test.rate('CHF', 1, legal_entity_id => books.legal_entity_id);
    perform test.payee('ANN', 0.33, 'EUR', legal_entity_id => books.legal_entity_id);
    perform test.credit('ANN', 0.33, 'EUR', dimensions => '{"Department": "010"}',
        legal_entity_id => books.legal_entity_id);
    perform test.credit('ANN', 50, dimensions => '{"Department": "010"}', legal_entity_id => books.legal_entity_id);
    perform test.credit('ANN', 60, dimensions => '{"Department": "020"}', legal_entity_id => books.legal_entity_id);
    perform test.vendor('A-CHECK', method_of_payment => 'CHECK', legal_entity_id => books.legal_entity_id);
    perform test.payee('BOB', 70, vendor_account => 'A-CHECK', legal_entity_id => books.legal_entity_id);
    perform test.vendor('Z-TERMS', payment_terms_days => 5, iban => 'DE89370400440532013000',
        legal_entity_id => books.legal_entity_id);
    perform test.payee('CAT', 80, vendor_account => 'Z-TERMS', legal_entity_id => books.legal_entity_id);
    perform test.vendor('Z-LATER', payment_terms_days => 16, legal_entity_id => books.legal_entity_id);
    perform test.payee('DAN', 90, vendor_account => 'Z-LATER', legal_entity_id => books.legal_entity_id);
    perform test.vendor('B-HOLD', hold => 'payment', legal_entity_id => books.legal_entity_id);
    perform test.payee('EVE', 100, vendor_account => 'B-HOLD', legal_entity_id => books.legal_entity_id);
    perform test.payee('FOX', 110, iban => null, legal_entity_id => books.legal_entity_id);
    perform test.payee('GUS', 120, 'CHF', legal_entity_id => books.legal_entity_id);
    perform test.payee('HAL', 130, legal_entity_id => books.legal_entity_id);
    perform test.reimburse(summarize_customer => false, legal_entity_id => books.legal_entity_id);
    update reimbursement.vendor_invoices as i set held_until = '2025-07-16'
    where i.legal_entity_id = books.legal_entity_id and i.amount = 130;
end
$$;

-- By hand, once.
select pg_temp.books('US01');
select results_eq(
    $$ select invoice_number, vendor_account, vendor_name, due_date, currency, amount, accounting_amount, bank_account,
        payment, skip_reason
    from reimbursement.preview_vendor_payment('US01', '2025-07-15', pay_per => 'vendor', maximum_total => 200) $$,
    $$ values
    ('RINV-00000001', 'OTV-00000001', 'Customer ANN', date '2025-06-30', 'EUR', 0.33, 0.38, 'EURO', 2::bigint, null),
    ('RINV-00000002', 'OTV-00000001', 'Customer ANN', '2025-06-30', 'EUR', 0.33, 0.38, 'EURO', 2, null),
    ('RINV-00000003', 'OTV-00000001', 'Customer ANN', '2025-06-30', 'USD', 50.00, 50.00, 'BANK', 3, null),
    ('RINV-00000004', 'OTV-00000001', 'Customer ANN', '2025-06-30', 'USD', 60.00, 60.00, 'BANK', 3, null),
    ('RINV-00000005', 'A-CHECK', 'Vendor A-CHECK', '2025-06-30', 'USD', 70.00, 70.00, 'BANK', 1, null),
    ('RINV-00000008', 'B-HOLD', 'Vendor B-HOLD', '2025-06-30', 'USD', 100.00, 100.00, 'BANK', null, 'vendor_on_hold'),
    ('RINV-00000009', 'OTV-00000002', 'Customer FOX', '2025-06-30', 'USD', 110.00, 110.00, 'BANK', null,
        'bank_details_missing'),
    ('RINV-00000010', 'OTV-00000003', 'Customer GUS', '2025-06-30', 'CHF', 120.00, 120.00, null, null,
        'currency_not_payable'),
    ('RINV-00000011', 'OTV-00000004', 'Customer HAL', '2025-06-30', 'USD', 130.00, 130.00, 'BANK', null, 'held_until'),
    ('RINV-00000006', 'Z-TERMS', 'Vendor Z-TERMS', '2025-07-05', 'USD', 80.00, 80.00, 'BANK', null, 'over_maximum') $$,
    'a row per due invoice, by due date: which payment it would be in, or why it would be skipped');

-- And against the run, with choices of all kinds: what of the preview the run did otherwise.
create function pg_temp.differences(legal_entity_id text, choices text) returns setof text
language plpgsql set client_min_messages = warning
as $$
begin
    perform pg_temp.books(differences.legal_entity_id);
    drop table if exists previewed, done;
    execute format(
        'create temporary table previewed as
        select invoice_number::text, vendor_account::text, currency, amount, bank_account::text, payment, skip_reason
        from reimbursement.preview_vendor_payment(%L, %s)', differences.legal_entity_id, choices);
    execute format('select test.pay(legal_entity_id => %L, payment_date => %s)', differences.legal_entity_id, choices);
    create temporary table done as
    select
        i.invoice_number::text, p.vendor_account::text, p.currency, v.amount, p.bank_account::text, p.payment,
        null as skip_reason
    from (
        select q.*, row_number() over (order by q.payment_number) as payment
        from reimbursement.vendor_payments as q where q.run_id = test.last_run()
    ) as p, unnest(p.invoice_numbers) as i (invoice_number), reimbursement.vendor_invoices as v
    where v.legal_entity_id = p.legal_entity_id and v.invoice_number = i.invoice_number
    union all
    select
        s.invoice_number, s.vendor_account, v.currency, v.amount, r.bank_account, null, s.skip_reason
    from reimbursement.skipped_invoices as s
    join reimbursement.vendor_invoices as v
        on v.legal_entity_id = s.legal_entity_id and v.invoice_number = s.invoice_number
    left join previewed as r on r.invoice_number = s.invoice_number
    where s.run_id = test.last_run();
    return query
    (select 'previewed ' || p::text from previewed as p except all select 'previewed ' || d::text from done as d)
    union all
    (select 'done ' || d::text from done as d except all select 'done ' || p::text from previewed as p);
end
$$;
create temporary table chosen as
select row_number() over () as number, c.choices
from (
    values
    ($$'2025-07-15'$$), ($$'2025-07-15', pay_per => 'vendor'$$), ($$'2025-07-15', maximum_total => 200$$),
    ($$'2025-07-15', maximum_total => 200, pay_per => 'vendor'$$), ($$'2025-07-15', maximum_total => 0.01$$),
    ($$'2025-07-15', due_through => '2025-12-31'$$), ($$'2025-07-15', due_through => '2025-06-29'$$),
    ($$'2025-07-15', vendor_filter => 'OTV*'$$), ($$'2025-07-15', currency => 'EUR', pay_per => 'vendor'$$),
    ($$'2025-07-15', method_of_payment => 'CHECK'$$), ($$'2025-07-15', bank_account => 'OTHER'$$),
    ($$'2025-07-15', minimum_payment_date => '2025-07-17'$$), ($$'2025-06-29', due_through => '2025-07-15'$$)
) as c (choices);
select is_empty(
    format('select * from pg_temp.differences(%L, %L)', 'C' || c.number, c.choices),
    format('the run does what was previewed: %s', c.choices))
from chosen as c;
select is(
    (select count(distinct s.skip_reason) from reimbursement.skipped_invoices as s), 6::bigint,
    'with skips of most reasons');

-- The accounting amount of a payment of one invoice is the previewed one.
select pg_temp.books('US02');
create temporary table previewed_amounts as
select invoice_number, accounting_amount from reimbursement.preview_vendor_payment('US02', '2025-07-15')
where skip_reason is null;
select test.pay(legal_entity_id => 'US02');
select results_eq(
    $$ select i.invoice_number::text collate "default", p.accounting_amount
    from reimbursement.vendor_payments as p, unnest(p.invoice_numbers) as i (invoice_number)
    where p.legal_entity_id = 'US02' order by i.invoice_number $$,
    $$ select invoice_number, accounting_amount from previewed_amounts order by invoice_number $$,
    'the accounting amount that is previewed is the payment''s');
select is_empty(
    $$ select from reimbursement.preview_vendor_payment('US02', '2025-07-15') where skip_reason is null $$,
    'after the run a preview has nothing to pay');
select is(
    (select count(*) from reimbursement.preview_vendor_payment('US02', '2025-07-15')), 4::bigint,
    'but the same skips');

-- Without a rate there is no accounting amount.
update reimbursement.legal_entities set max_rate_age_days = 1 where legal_entity_id = 'US01';
select results_eq(
    $$ select invoice_number, accounting_amount, payment, skip_reason
    from reimbursement.preview_vendor_payment('US01', '2025-07-17', currency => 'EUR') order by invoice_number $$,
    $$ values
    ('RINV-00000001', null::numeric, null::bigint, 'no_exchange_rate'),
    ('RINV-00000002', null, null, 'no_exchange_rate') $$,
    'without a rate there is no accounting amount');

-- It writes nothing, and locks nothing.
set default_transaction_read_only = on;
select lives_ok(
    $$ select * from reimbursement.preview_vendor_payment('US01', '2025-07-15', maximum_total => 200) $$,
    'a preview works in a read-only transaction');
reset default_transaction_read_only;
select is_empty($$ select from reimbursement.payments where legal_entity_id = 'US01' $$, 'nothing was paid');
select is_empty($$ select from reimbursement.invoice_skips where legal_entity_id = 'US01' $$, 'nor is a skip written');
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(
    $$ do $do$ begin perform from reimbursement.vendor_transactions for update;
    perform from reimbursement.number_sequences for update; end $do$ $$);
set lock_timeout = '100ms';
select lives_ok(
    $$ select * from reimbursement.preview_vendor_payment('US01', '2025-07-15') $$, 'a preview waits for nobody');
reset lock_timeout;
select test.in_other_session('rollback');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
