-- A legal entity is ready after one call; sets of dimensions are stored once.
select plan(44);

select reimbursement.set_up_legal_entity(
    legal_entity_id => 'US01', name => 'Contoso', accounting_currency => 'USD', minimum_reimbursement => 10,
    first_year => 2024, last_year => 2026);
select lives_ok(
    $$ select reimbursement.enqueue_reimbursement('US01', '2025-06-30') $$, 'a legal entity is ready after one call');
select results_eq(
    'select starts_on, ends_on, is_open from reimbursement.ledger_periods order by starts_on',
    $$ values (date '2024-01-01', date '2024-12-31', true), ('2025-01-01', '2025-12-31', true),
        ('2026-01-01', '2026-12-31', true) $$,
    'every given year has an open period');
select results_eq(
    $$ select method_of_payment::text collate "default", needs_bank_account from reimbursement.methods_of_payment
    order by method_of_payment $$,
    $$ values ('CHECK', false), ('SEPA', true) $$, 'there are the methods of payment SEPA and CHECK');
select bag_has(
    $$ select sequence::text collate "default", next_number from reimbursement.number_sequences $$,
    $$ values ('reimbursement', 1::bigint), ('vendor_invoice', 1), ('one_time_vendor', 1), ('settlement', 1) $$,
    'the number sequences begin at 1');
select is((select time_zone from reimbursement.legal_entities), 'UTC', 'its day is that of UTC');

-- Called again.
update reimbursement.legal_entities set payable_account = 'AP', time_zone = 'Europe/Berlin';
update reimbursement.ledger_periods set is_open = false where starts_on = '2024-01-01';
update reimbursement.number_sequences set next_number = 77, format = 'X##' where sequence = 'reimbursement';
delete from reimbursement.number_sequences where sequence = 'settlement';
update reimbursement.methods_of_payment set needs_bank_account = false;
delete from reimbursement.methods_of_payment where method_of_payment = 'CHECK';
select lives_ok(
    $$ select reimbursement.set_up_legal_entity('US01', 'Contoso', 'USD', 10, 2024, 2027) $$,
    'set up twice with the same values it does no harm');
select results_eq(
    $$ select payable_account::text collate "default", time_zone from reimbursement.legal_entities $$,
    $$ values ('AP', 'Europe/Berlin') $$, 'accounts that were chosen stay');
select results_eq(
    'select starts_on, is_open from reimbursement.ledger_periods order by starts_on',
    $$ values (date '2024-01-01', false), ('2025-01-01', true), ('2026-01-01', true), ('2027-01-01', true) $$,
    'a closed period stays closed, a year that is missing is added');
select results_eq(
    $$ select sequence::text collate "default", format::text collate "default", next_number
    from reimbursement.number_sequences where sequence in ('reimbursement', 'settlement') order by sequence $$,
    $$ values ('reimbursement', 'X##', 77::bigint), ('settlement', 'STL-########', 1) $$,
    'a sequence goes on where it was, one that is missing is added');
select results_eq(
    $$ select method_of_payment::text collate "default", needs_bank_account from reimbursement.methods_of_payment
    order by method_of_payment $$,
    $$ values ('CHECK', false), ('SEPA', false) $$, 'and so are methods of payment');

select reimbursement.set_up_legal_entity('MONTHLY', 'Contoso', 'USD', 0, 2025, 2025);
delete from reimbursement.ledger_periods where legal_entity_id = 'MONTHLY';
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on) values ('MONTHLY', '2025-06-01', '2025-06-30');
select reimbursement.set_up_legal_entity('MONTHLY', 'Contoso', 'USD', 0, 2025, 2025);
select is(
    (select count(*) from reimbursement.ledger_periods where legal_entity_id = 'MONTHLY'), 1::bigint,
    'a year that has periods of its own gets no other');

select throws_ok(
    format('select reimbursement.set_up_legal_entity(%s)', a.arguments), a.code, null,
    format('refused with %s: %s', a.code, a.arguments))
from (
    values
    ($$'US01', 'Fabrikam', 'USD', 10$$, 'RB018'), ($$'US01', 'Contoso', 'EUR', 10$$, 'RB018'),
    ($$'US01', 'Contoso', 'USD', 11$$, 'RB018'), ($$'US01', 'Contoso', 'USD'$$, 'RB018'),
    ($$'US02', 'Contoso', 'XXX'$$, 'RB009'), ($$'US02', 'Contoso', 'usd'$$, 'RB009'),
    ($$null, 'Contoso', 'USD'$$, 'RB006'), ($$'US02', null, 'USD'$$, 'RB006'), ($$'US02', 'Contoso', null$$, 'RB006'),
    ($$'US02', 'Contoso', 'USD', null$$, 'RB006'), ($$'US02', 'Contoso', 'USD', first_year => null$$, 'RB006'),
    ($$'US02', 'Contoso', 'USD', 0, 2026, 2025$$, 'RB008'), ($$'US02', 'Contoso', 'USD', 0.001$$, '23514'),
    ($$'US02', 'Contoso', 'USD', -1$$, '23514'), ($$'', 'Contoso', 'USD'$$, '23514')
) as a (arguments, code);
select is((select count(*) from reimbursement.legal_entities), 2::bigint, 'and nothing is written');
select lives_ok($$ select reimbursement.set_up_legal_entity('US02', 'Contoso', 'USD') $$, 'the years may be left out');
select lives_ok($$ select reimbursement.enqueue_reimbursement('US02') $$, 'and then today is in an open period');

-- Dimension sets.
create temporary table sets as
select s.name, reimbursement.dimension_set('US01', s.dimensions) as id
from (
    values
    ('first', jsonb '{"Department": "022", "CostCenter": "007"}'), ('other order', '{"CostCenter": "007", "Department": "022"}'),
    ('subset', '{"Department": "022"}'), ('other value', '{"Department": "022", "CostCenter": "7"}'),
    ('number', '{"Department": "022", "CostCenter": 7}'), ('other case', '{"department": "022"}'), ('empty', '{}')
) as s (name, dimensions);
create function pg_temp.id(name text) returns bigint
language sql
as $$
    select s.id from sets as s where s.name = id.name
$$;
select is(pg_temp.id('other order'), pg_temp.id('first'), 'two sets are similar when they are equal as sets');
select isnt(pg_temp.id('subset'), pg_temp.id('first'), 'a subset is another');
select isnt(pg_temp.id('other value'), pg_temp.id('first'), 'so is one with another value: 007 is not 7');
select is(pg_temp.id('number'), pg_temp.id('other value'), 'a number counts as its text');
select isnt(pg_temp.id('other case'), pg_temp.id('subset'), 'names are told apart by case');
select is(pg_temp.id('empty'), 0::bigint, 'the empty set is 0');
select is((select count(*) from reimbursement.dimension_sets where legal_entity_id = 'US01'), 5::bigint,
    'each is stored once');

select throws_ok(
    format('select reimbursement.dimension_set(%s)', d.arguments), d.code, null,
    format('refused with %s: %s', d.code, d.arguments))
from (
    values
    ($$'US01', null$$, 'RB011'), ($$'US01', '[]'$$, 'RB011'), ($$'US01', '"Department"'$$, 'RB011'),
    ($$'US01', '{"Department": null}'$$, 'RB011'), ($$'US01', '{"Department": ""}'$$, 'RB011'),
    ($$'US01', '{" ": "022"}'$$, 'RB011'), ($$'US01', '{"Department": ["022"]}'$$, 'RB011'),
    ($$'NOWHERE', '{"Department": "022"}'$$, 'RB001')
) as d (arguments, code);

select * from finish();
