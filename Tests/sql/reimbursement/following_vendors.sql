-- A one-time vendor that a run made follows its customer, but for what a person has changed on it.
select plan(51);

select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR', 'DE02500105170137075030');

create function pg_temp.customer(customer_account text, legal_entity_id text default 'US01') returns void
language sql
as $$
    insert into reimbursement.customers
        (legal_entity_id, customer_account, name, country, address, language, tax_number, iban, bic)
    values (
        customer.legal_entity_id, customer.customer_account, 'Ann', 'DE', '{"street": "Hauptstr."}', 'de', 'DE1',
        'DE89370400440532013000', 'COBADEFFXXX')
$$;
-- Gives a customer one more credit and reimburses him.
create function pg_temp.reimburse(customer_account text, legal_entity_id text default 'US01') returns bigint
language sql
as $$
    select test.credit(reimburse.customer_account, 10, legal_entity_id => reimburse.legal_entity_id);
    select test.reimburse(
        customer_filter => reimburse.customer_account, legal_entity_id => reimburse.legal_entity_id);
$$;
create function pg_temp.vendor_of(customer_account text)
returns table (name text, country text, street text, tax_number text, iban text, bic text, edited text)
language sql
as $$
    select
        v.name, v.country, v.address ->> 'street', v.tax_number, v.iban, v.bic,
        array_to_string(v.edited_by_hand, ', ')
    from reimbursement.vendors as v
    where v.customer_account = vendor_of.customer_account
$$;

-- All of it follows, at the next reimbursement and not before.
select pg_temp.customer('ANN');
select pg_temp.reimburse('ANN');
update reimbursement.customers
set name = 'Anna', country = 'AT', address = '{"street": "Ring"}', tax_number = 'AT2', language = 'en',
    iban = 'AT611904300234573201', bic = 'GIBAATWWXXX'
where customer_account = 'ANN';
select is((select v.name from pg_temp.vendor_of('ANN') as v), 'Ann', 'a change of the customer is not the vendor''s yet');
select pg_temp.reimburse('ANN');
select results_eq(
    $$ select * from pg_temp.vendor_of('ANN') $$,
    $$ values ('Anna', 'AT', 'Ring', 'AT2', 'AT611904300234573201', 'GIBAATWWXXX', '') $$,
    'name, address, tax number and bank details are the customer''s at the next reimbursement');
select is(
    (select v.language from reimbursement.vendors as v where v.customer_account = 'ANN'), 'de', 'the language stays');
select is(
    (select v.last_run_id from reimbursement.vendors as v where v.customer_account = 'ANN'), test.last_run(),
    'which run did it stands in its row');
select is_empty(
    $$ select from reimbursement.changes where table_name = 'vendors' $$, 'and is no change that a person made');
select v.ctid as before from reimbursement.vendors as v where v.customer_account = 'ANN' \gset
select pg_temp.reimburse('ANN');
select is(
    (select v.ctid from reimbursement.vendors as v where v.customer_account = 'ANN'), :'before'::tid,
    'where nothing differs the row is not touched');
update reimbursement.customers set iban = 'AT61 1904 3002 3457 3201' where customer_account = 'ANN';
select pg_temp.reimburse('ANN');
select is(
    (select v.ctid from reimbursement.vendors as v where v.customer_account = 'ANN'), :'before'::tid,
    'nor where an IBAN is only written otherwise');
update reimbursement.customers
set country = null, address = null, tax_number = null, iban = null, bic = null where customer_account = 'ANN';
select pg_temp.reimburse('ANN');
select results_eq(
    $$ select * from pg_temp.vendor_of('ANN') $$,
    $$ values ('Anna', null, null, null, null, null, '') $$, 'what the customer has not any more, the vendor has not');

-- What a person has changed stays, detail by detail; the others follow.
create function pg_temp.edited(detail text, edit text) returns setof text
language plpgsql
as $$
declare
    v_customer constant text := 'E-' || edited.detail || '-' || left(md5(edited.edit), 4);
begin
    perform pg_temp.customer(v_customer);
    perform pg_temp.reimburse(v_customer);
    execute format('update reimbursement.vendors set %s where customer_account = %L', edited.edit, v_customer);
    update reimbursement.customers as c
    set name = 'New', country = 'FR', address = '{"street": "Rue"}', tax_number = 'FR3',
        iban = 'FR1420041010050500013M02606', bic = 'BNPAFRPPXXX'
    where c.customer_account = v_customer;
    perform pg_temp.reimburse(v_customer);
    return next is(
        (select concat_ws(' ', v.name, v.country, v.street, v.tax_number, v.iban, v.bic, v.edited) from pg_temp.vendor_of(v_customer) as v),
        concat_ws(' ',
            case detail when 'name' then 'By hand' else 'New' end,
            case detail when 'address' then coalesce(substring(edit from 'country = ''(..)'''), 'DE') else 'FR' end,
            case detail when 'address' then coalesce(substring(edit from 'street": "(\w+)'), 'Hauptstr.') else 'Rue' end,
            case detail when 'tax_number' then 'DE9' else 'FR3' end,
            case detail when 'bank_details' then coalesce(substring(edit from 'iban = ''(\w+)'''), 'DE89370400440532013000')
                else 'FR1420041010050500013M02606' end,
            case detail when 'bank_details' then coalesce(substring(edit from 'bic = ''(\w+)'''), 'COBADEFFXXX') else 'BNPAFRPPXXX' end,
            detail),
        format('%s stays, the rest follows: %s', edited.detail, edited.edit));
end
$$;
select pg_temp.edited(e.detail, e.edit)
from (
    values
    ('name', $$name = 'By hand'$$), ('address', $$country = 'CH'$$), ('address', $$address = '{"street": "Gasse"}'$$),
    ('tax_number', $$tax_number = 'DE9'$$), ('bank_details', $$iban = 'DE02120300000000202051'$$),
    ('bank_details', $$bic = 'DEUTDEFFXXX'$$)
) as e (detail, edit);
select results_eq(
    $$ select edited_by_hand from reimbursement.vendor_accounts where customer_account like 'E-name-%' $$,
    $$ values (array['name']) $$, 'the view of vendors says so');
select is_empty(
    $$ select from reimbursement.changes where column_name in ('edited_by_hand', 'refreshed_at') $$,
    'the note itself is none of the changes');

-- What equals the customer's follows again: by the customer's change, or by the person's.
update reimbursement.customers set name = 'By hand' where customer_account like 'E-name-%';
select c.customer_account as named from reimbursement.customers as c where c.customer_account like 'E-name-%' \gset
select pg_temp.reimburse(:'named');
update reimbursement.customers set name = 'Newer' where customer_account = :'named';
select pg_temp.reimburse(:'named');
select is(
    (select v.name || v.edited from pg_temp.vendor_of(:'named') as v), 'Newer', 'a customer who took the same name is followed again');
update reimbursement.vendors set name = 'Somebody' where customer_account = :'named';
update reimbursement.vendors set name = 'Newer' where customer_account = :'named';
update reimbursement.customers set name = 'Newest' where customer_account = :'named';
select pg_temp.reimburse(:'named');
select is((select v.name from pg_temp.vendor_of(:'named') as v), 'Newest', 'so is one whose vendor was set back');
update reimbursement.vendors set name = 'Somebody' where customer_account = :'named';
update reimbursement.vendors set tax_number = 'X' where customer_account = :'named';
update reimbursement.vendors set hold = 'none', payment_terms_days = 3 where customer_account = :'named';
update reimbursement.customers set name = 'Last', tax_number = 'Y', country = 'NL' where customer_account = :'named';
select pg_temp.reimburse(:'named');
select results_eq(
    format('select name, tax_number, country, edited from pg_temp.vendor_of(%L)', :'named'),
    $$ values ('Somebody', 'X', 'NL', 'name, tax_number') $$, 'several edits stand beside each other');

-- Who does not follow.
select pg_temp.customer('LOADED');
select test.vendor('OTV-LOADED', is_one_time => true, customer_account => 'LOADED', name => 'Loaded');
select pg_temp.reimburse('LOADED');
select test.vendor('V-OWN', name => 'Own');
select pg_temp.customer('OWN');
update reimbursement.customers set vendor_account = 'V-OWN' where customer_account = 'OWN';
select pg_temp.reimburse('OWN');
select results_eq(
    $$ select vendor_account, name, iban from reimbursement.vendors where run_id is null order by vendor_account $$,
    $$ values ('OTV-LOADED' collate "C", 'Loaded', null), ('V-OWN', 'Own', null) $$,
    'a vendor that was loaded is never changed, one-time or not');
select pg_temp.customer('OTHER');
select pg_temp.reimburse('OTHER');
update reimbursement.customers set name = 'Another' where customer_account = 'OTHER';
select pg_temp.reimburse('ANN');
select is((select v.name from pg_temp.vendor_of('OTHER') as v), 'Ann', 'a customer of another run is left for his own');
update reimbursement.customers set on_hold_from = '2025-01-01' where customer_account = 'OTHER';
select pg_temp.reimburse('OTHER');
select is((select v.name from pg_temp.vendor_of('OTHER') as v), 'Ann', 'and so is one who is skipped');
update reimbursement.customers set vendor_account = 'V-OWN', on_hold_from = null where customer_account = 'OTHER';
select pg_temp.reimburse('OTHER');
select is((select v.name from pg_temp.vendor_of('OTHER') as v), 'Ann', 'or who is paid through another vendor');

-- Refreshed without a reimbursement, so that what is open is paid to the right account.
select test.person('master', '{master}') as master \gset
select test.person('clerk', '{clerk}');
update reimbursement.customers set name = 'Ann again', vendor_account = null where customer_account = 'OTHER';
update reimbursement.customers set iban = 'DE02120300000000202051', bic = null where customer_account = 'ANN';
update reimbursement.vendors set tax_number = 'ATU' where customer_account = 'ANN';
select r.vendor_account as ann from reimbursement.reimbursement_report as r where r.customer_account = 'ANN' limit 1 \gset
select throws_ok(
    format('select test.as_person(%L, %L)', 'clerk', $$select reimbursement.refresh_one_time_vendors('US01')$$),
    '42501', null, 'it takes the duty of a master');
select test.as_person('master', $$
    create temporary table refreshed as
    select r.* from reimbursement.refresh_one_time_vendors('US01', 'ann, LOADED, E-TAX*') as r
$$);
select results_eq(
    $$ select customer_account, field, old_value, new_value, is_left_alone from refreshed
    order by customer_account, field $$,
    $$ values
        ('ANN', 'bank_details', null, 'DE02120300000000202051', false), ('ANN', 'tax_number', 'ATU', null, true),
        ((select c.customer_account::text collate "default" from reimbursement.customers as c where c.customer_account like 'E-tax%'),
            'tax_number', 'DE9', 'FR3', true) $$,
    'a row for each detail that differs of those who are named; what a person has changed is left alone, and said');
select results_eq(
    $$ select name, tax_number, iban, edited from pg_temp.vendor_of('ANN') $$,
    $$ values ('Anna', 'ATU', 'DE02120300000000202051', 'tax_number') $$, 'what is not left alone is written');
select is((select v.name from pg_temp.vendor_of('OTHER') as v), 'Ann', 'who is not named is not refreshed');
select results_eq(
    format($$ select column_name, old_value, new_value from reimbursement.changes
    where table_name = 'vendors' and changed_by = %L $$, :'master'),
    $$ values ('iban', null, 'DE02120300000000202051') $$, 'who had it done is written down');
select test.pay('2025-07-15', vendor_filter => :'ann');
select results_eq(
    format('select distinct creditor_iban from reimbursement.vendor_payments where vendor_account = %L', :'ann'),
    $$ values ('DE02120300000000202051') $$, 'and the open invoices are paid to the account that he has now');
select is(
    (select count(*) from reimbursement.refresh_one_time_vendors('US01') as r where not r.is_left_alone), 1::bigint,
    'without a filter all are refreshed');
select is(
    (select count(*) from reimbursement.refresh_one_time_vendors('US01') as r where not r.is_left_alone), 0::bigint,
    'and then nothing is left to do');
select throws_ok(format('select reimbursement.refresh_one_time_vendors(%s)', a.arguments), a.code, null, a.arguments)
from (values ($$'XX'$$, 'RB001'), ($$null$$, 'RB001'), ($$'US01', ''$$, 'RB005')) as a (arguments, code);

-- With confirmation: the change is that of who changed the customer.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.person(p, '{master}', 'US02') from unnest(array['one', 'two', 'three']) as p;
select pg_temp.customer('ANN', 'US02');
select pg_temp.reimburse('ANN', 'US02');
select r.vendor_account as us02 from reimbursement.reimbursement_report as r where r.legal_entity_id = 'US02' \gset
select test.as_person('one', format('select reimbursement.confirm_bank_details(%L, %L)', 'US02', :'us02'));
update reimbursement.legal_entities set confirm_bank_details = true where legal_entity_id = 'US02';
create function pg_temp.fate() returns text
language sql
as $$
    select string_agg(distinct coalesce(p.skip_reason, 'paid'), ', ')
    from reimbursement.preview_vendor_payment('US02', '2025-07-15') as p
$$;
create function pg_temp.attempt(person text, statement text) returns text
language plpgsql
as $$
begin
    perform test.as_person(attempt.person, attempt.statement);
    return 'done';
exception
    when others then return sqlstate;
end
$$;
select format('select reimbursement.confirm_bank_details(%L, %L)', 'US02', :'us02') as confirm \gset
select is(pg_temp.fate(), 'paid', 'confirmed once');
select test.as_person('one', $$update reimbursement.customers set iban = 'DE02120300000000202051' where legal_entity_id = 'US02'$$);
select pg_temp.reimburse('ANN', 'US02');
select is(
    (select v.iban from reimbursement.vendors as v where v.legal_entity_id = 'US02'), 'DE02120300000000202051',
    'the vendor follows');
select is(pg_temp.fate(), 'bank_details_unconfirmed', 'and waits with his customer');
select is(pg_temp.attempt('one', :'confirm'), '42501', 'who changed the customer does not confirm it');
select is(pg_temp.attempt('two', :'confirm'), 'done', 'another does');
select is(pg_temp.fate(), 'paid', 'then all is paid');
select test.as_person('one', $$update reimbursement.customers set iban = 'AT611904300234573201', bic = null where legal_entity_id = 'US02'$$);
select test.as_person('two', $$select reimbursement.refresh_one_time_vendors('US02')$$);
select is(pg_temp.fate(), 'bank_details_unconfirmed', 'a vendor who was refreshed waits too');
select is(pg_temp.attempt('one', :'confirm'), '42501', 'it is still the change of who changed the customer');
select is(pg_temp.attempt('two', :'confirm'), 'done', 'not of who had the vendor refreshed');
select test.as_person('three', $$update reimbursement.vendors set iban = 'DE89370400440532013000' where legal_entity_id = 'US02'$$);
select is(pg_temp.fate(), 'bank_details_differ', 'what a person writes on the vendor differs from the customer''s');
select is(pg_temp.attempt('three', :'confirm'), '42501', 'and is that person''s change');
select is(
    pg_temp.attempt('three', $$update reimbursement.vendors set edited_by_hand = '{}' where legal_entity_id = 'US02'$$),
    '42501', 'who cannot deny it');

-- What is approved is the payee as he will be.
select test.company(legal_entity_id => 'US03');
select test.person('approver', '{approver}', 'US03');
select pg_temp.customer('ANN', 'US03');
select pg_temp.reimburse('ANN', 'US03');
select test.rule(legal_entity_id => 'US03');
select test.credit('ANN', 10, legal_entity_id => 'US03');
update reimbursement.customers set name = 'Anna', iban = 'DE02120300000000202051' where legal_entity_id = 'US03';
select reimbursement.enqueue_reimbursement('US03', '2025-06-30') as run \gset
select alike(
    (select p.what from reimbursement.preview_run(:run) as p), '%OTV-00000001 Anna, DE02…2051%',
    'whoever approves is shown the name and the account that the vendor will have');
select test.approve('approver', :run);
update reimbursement.customers set iban = 'AT611904300234573201' where legal_entity_id = 'US03';
select test.work();
select matches(
    (select concat_ws(' ', r.state, r.error) from reimbursement.runs as r where r.run_id = :run),
    '^failed .*DE02…2051.*; now: .*AT61…3201', 'one that the customer changes after that is not taken');

-- A person who changes the vendor while a transfer goes on is waited for, and has his say.
select test.company(legal_entity_id => 'US04');
select pg_temp.customer('ANN', 'US04');
select pg_temp.reimburse('ANN', 'US04');
update reimbursement.customers set name = 'Anna', tax_number = 'DE2' where legal_entity_id = 'US04';
select test.credit('ANN', 10, legal_entity_id => 'US04');
select reimbursement.enqueue_reimbursement('US04', '2025-06-30') as run \gset
select test.open_other_session('person');
select test.open_other_session('worker');
select test.in_other_session('begin', 'person');
select test.in_other_session($$update reimbursement.vendors set name = 'By hand' where legal_entity_id = 'US04'$$, 'person');
select format('select reimbursement.execute_job(%L, %s, %s)', j.legal_entity_id, j.job_id, j.attempt) as execute
from reimbursement.claim_jobs('test', 1) as j \gset
select test.wait_in_other_session(:'execute', 'worker');
select test.in_other_session('commit', 'person');
select is(test.end_of_wait('worker'), 'done', 'the transfer goes on after the person');
select results_eq(
    $$ select name, tax_number, edited_by_hand from reimbursement.vendors where legal_entity_id = 'US04' $$,
    $$ values ('By hand', 'DE2', array['name']) $$, 'and leaves what he changed');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
