-- One-time vendors: made from the template, written back, used again, never two for a customer nor one for two.
select plan(22);

select test.company();
update reimbursement.legal_entities
set one_time_vendor_group = 'REFUND', one_time_payment_terms_days = 14, one_time_method_of_payment = 'CHECK';
insert into reimbursement.customers (
    legal_entity_id, customer_account, name, country, address, language, tax_number, iban, bic
)
values (
    'US01', 'ANN', 'Ann', 'DE', '{"street": "Hauptstr.", "building": "1", "postcode": "10115", "town": "Berlin"}', 'de',
    'DE123456789', 'DE89370400440532013000', 'COBADEFFXXX'
);
select test.credit('ANN', 10);
select test.customer('BLANK', vendor_account => '');
select test.credit('BLANK', 10);
select test.vendor('V-OWN');
select test.customer('OWN', vendor_account => 'V-OWN');
select test.credit('OWN', 10);
select test.credit('UNDER', 10);
select test.debit('UNDER', 1);
select test.reimburse();

select results_eq(
    $$ select name, country, address, language, tax_number, iban, bic
    from reimbursement.vendors where vendor_account = 'OTV-00000001' $$,
    $$ select name, country, address, language, tax_number, iban, bic
    from reimbursement.customers where customer_account = 'ANN' $$,
    'a one-time vendor has the customer''s name, address, language, tax number and bank details');
select results_eq(
    $$ select is_one_time, vendor_group, payment_terms_days, method_of_payment::text collate "default", hold
    from reimbursement.vendors where vendor_account = 'OTV-00000001' $$,
    $$ values (true, 'REFUND', 14, 'CHECK', 'none') $$,
    'and the template''s group, terms and method of payment');
select is(
    (select due_date from reimbursement.reimbursement_report where customer_account = 'ANN'), '2025-07-14',
    'by which its invoice is due');
select results_eq(
    $$ select customer_account::text collate "default", vendor_account::text collate "default"
    from reimbursement.customers order by customer_account $$,
    $$ values ('ANN', 'OTV-00000001'), ('BLANK', 'OTV-00000002'), ('OWN', 'V-OWN'), ('UNDER', null) $$,
    'it is written back to its customer; whoever has a vendor, or is skipped, gets none');
select results_eq(
    $$ select customer_account::text collate "default", run_id from reimbursement.vendors
    where is_one_time order by vendor_account $$,
    $$ values ('ANN', test.last_run()), ('BLANK', test.last_run()) $$,
    'it knows its customer, and the run that made it');

select test.credit('ANN', 20);
select test.reimburse();
select is(
    (select vendor_account from reimbursement.reimbursement_report where run_id = test.last_run()), 'OTV-00000001',
    'the next run uses it again');

update reimbursement.customers set vendor_account = null where customer_account = 'ANN';
update reimbursement.customers set vendor_account = '' where customer_account = 'BLANK';
select test.credit('ANN', 20);
select test.credit('BLANK', 20);
select test.reimburse();
select results_eq(
    $$ select customer_account::text collate "default", vendor_account::text collate "default"
    from reimbursement.reimbursement_report where run_id = test.last_run() order by customer_account $$,
    $$ values ('ANN', 'OTV-00000001'), ('BLANK', 'OTV-00000002') $$,
    'and so it does when the customer''s vendor account was emptied meanwhile');
select results_eq(
    $$ select vendor_account::text collate "default" from reimbursement.customers
    where customer_account in ('ANN', 'BLANK') order by customer_account $$,
    $$ values ('OTV-00000001'), ('OTV-00000002') $$,
    'which is filled again');

update reimbursement.customers set vendor_account = null where customer_account = 'ANN';
update reimbursement.vendors set hold = 'all' where vendor_account = 'OTV-00000001';
select test.credit('ANN', 20);
select test.reimburse();
select is(test.fate('ANN'), 'vendor_on_hold', 'a one-time vendor on hold is no reason to make another');
update reimbursement.vendors set hold = 'none';
update reimbursement.customers set vendor_account = 'V-OWN' where customer_account = 'ANN';
select test.reimburse();
select is(
    (select vendor_account from reimbursement.reimbursement_report where run_id = test.last_run()), 'V-OWN',
    'a vendor that the customer was given since comes first');

update reimbursement.customers set vendor_account = 'OTV-00000002' where customer_account = 'ANN';
select test.credit('ANN', 20);
select test.reimburse();
select is(test.fate('ANN'), 'vendor_of_other_customer', 'another customer''s one-time vendor pays nobody else');
select throws_ok(
    $$ select test.vendor('OTV-SECOND', is_one_time => true, customer_account => 'ANN') $$, '23505', null,
    'a second one-time vendor for a customer is refused');
select throws_ok(
    $$ select test.vendor('V-WRONG', customer_account => 'OWN') $$, '23514', null,
    'only a one-time vendor stands for a customer');

-- Loaded without their customer.
select test.vendor('OTV-LOADED', is_one_time => true);
select test.customer('FIRST', vendor_account => 'OTV-LOADED');
select test.credit('FIRST', 5);
select test.reimburse();
select is(
    (select customer_account from reimbursement.vendors where vendor_account = 'OTV-LOADED'), 'FIRST',
    'a one-time vendor that was loaded stands from its first reimbursement on for that customer');
select test.customer('SECOND', vendor_account => 'OTV-LOADED');
select test.credit('SECOND', 5);
select test.reimburse();
select is(test.fate('SECOND'), 'vendor_of_other_customer', 'and for no other');
select test.vendor('OTV-SHARED', is_one_time => true);
select test.customer('ONE', vendor_account => 'OTV-SHARED');
select test.customer('OTHER', vendor_account => 'OTV-SHARED');
select test.credit('ONE', 5);
select test.credit('OTHER', 5);
select test.reimburse();
select results_eq(
    $$ select customer_account, skip_reason from test.outcome() where customer_account in ('ONE', 'OTHER') $$,
    $$ values ('ONE', 'vendor_of_other_customer'), ('OTHER', 'vendor_of_other_customer') $$,
    'one that two customers name belongs to neither');

select test.vendor('OTV-UNOWNED', is_one_time => true);
update reimbursement.customers set vendor_account = 'OTV-UNOWNED' where customer_account = 'BLANK';
select test.credit('BLANK', 5);
select test.reimburse();
select is(test.fate('BLANK'), 'vendor_of_other_customer', 'a customer who has one is not paid through a second');
select is(
    (select customer_account from reimbursement.vendors where vendor_account = 'OTV-UNOWNED'), null,
    'which stays nobody''s');

-- The sequence gives an account that somebody has taken.
select test.vendor('OTV-00000003');
select test.credit('NEW', 5);
select throws_ok($$ select test.reimburse() $$, 'RB013', null, 'a vendor account that is taken is not used again');
select is(
    (select vendor_account from reimbursement.customers where customer_account = 'NEW'), null,
    'and nothing is written');

update reimbursement.number_sequences set next_number = 4 where sequence = 'one_time_vendor';
select test.reimburse();
select is(
    (select vendor_account from reimbursement.customers where customer_account = 'NEW'), 'OTV-00000004',
    'the next one is, once the sequence is set beyond it');
select is_empty('select * from reimbursement.check_books()', 'the books are right: a loaded vendor leaves no gap');

select * from finish();
