-- What was approved is paid, or nothing is.
select plan(12);

select test.company();
select test.bank_account();
select test.person('one', '{approver}');
select test.rule(r.kind)
from (values ('vendor_payment'), ('reimbursement_reversal'), ('payment_reversal')) as r (kind);
select test.vendor('V-ANN', iban => 'DE89370400440532013000'), test.vendor('V-BOB', iban => 'FR1420041010050500013M02606');
update reimbursement.vendors set name = 'Annie';
select test.payee('ANN', 100, vendor_account => 'V-ANN');
select test.payee('BOB', 25, iban => 'FR1420041010050500013M02606', vendor_account => 'V-BOB');
select test.payee('MANY-' || to_char(i, 'FM00'), 1) from generate_series(1, 23) as i;
select test.reimburse();

-- A payment.
create function pg_temp.pay(batches int default 1, maximum_total numeric default null) returns bigint
language sql
as $$
    select reimbursement.enqueue_vendor_payment(
        'US01', '2025-07-15', batches => pay.batches, maximum_total => pay.maximum_total,
        pay_per => 'vendor', vendor_filter => '!OTV-*')
$$;
select pg_temp.pay() as run \gset
select test.written() as before \gset
select matches(test.end_after(:run, change), '^failed job .*' || said, format('a payment fails: %s', change))
from (
    values
    ($$update reimbursement.vendors set iban = 'DE02120300000000202051' where vendor_account = 'V-ANN';
        update reimbursement.customers set iban = null$$,
        'approved: invoice .*: USD 100.00 to V-ANN Annie, DE89…3000, from BANK; now: .*, DE02…2051'),
    ($$update reimbursement.vendors set name = 'Anna' where vendor_account = 'V-ANN'$$, 'to V-ANN Anna'),
    ($$update reimbursement.vendors set hold = 'payment' where vendor_account = 'V-ANN'$$, 'not any more: invoice .*V-ANN'),
    ($$update reimbursement.vendors set hold = 'none', method_of_payment = 'CHECK' where vendor_account = 'V-ANN'$$,
        'not approved: invoice'),
    ($$update reimbursement.bank_accounts set is_default = false;
        select test.bank_account('OTHER')$$, 'now: .*, from OTHER'),
    ($$update reimbursement.vendor_invoices set held_until = '2025-12-31'
        where vendor_account = 'V-BOB'$$, 'not any more: invoice .* USD 25.00 to V-BOB')
) as c (change, said);
select is(test.written(), :before::bigint, 'nothing is paid');
select unalike(string_agg(e.message, ' '), '%DE0212030000%', 'no error has bank details in full')
from reimbursement.job_errors as e;
update reimbursement.vendor_invoices set held_until = null;
select is(test.end_after(:run, 'select'), 'completed', 'what is as it was approved is paid');

-- Payments up to a maximum, over several batches.
select test.company(legal_entity_id => 'BATCHES');
select test.bank_account(legal_entity_id => 'BATCHES');
select test.rate('EUR', 1, legal_entity_id => 'BATCHES');
select test.payee(c.account, 600, 'EUR', legal_entity_id => 'BATCHES')
from (values ('ANN'), ('BOB'), ('CAT')) as c (account);
select test.reimburse(legal_entity_id => 'BATCHES');
select test.rule('vendor_payment', 1000, legal_entity_id => 'BATCHES');
select test.person('one', '{approver}', 'BATCHES');
select reimbursement.enqueue_vendor_payment(
    'BATCHES', '2025-07-15', maximum_total => 1200, batches => 3, bank_account => null) as run \gset
select test.bank_account('EURO', 'EUR', legal_entity_id => 'BATCHES');
update reimbursement.jobs set state = 'cancelled' where state = 'ready';
select reimbursement.enqueue_vendor_payment('BATCHES', '2025-07-15', maximum_total => 1200, batches => 3) as run \gset
select is(
    (select p.accounting_amount from reimbursement.pending_approvals as p where p.run_id = :run), 1200.00,
    'payments up to a maximum come to what fits');
select test.approve('one', :run);
select test.work();
select results_eq(
    format('select state, processed, skipped from reimbursement.runs where run_id = %s', :run),
    $$ values ('completed', 2::bigint, 1::bigint) $$, 'its batches do what was approved, one after the other');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
