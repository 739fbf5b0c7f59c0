-- What people change of what they fill is written down, old and new, and what a transfer writes is not.
select plan(52);

select test.company();
select test.person('master', '{master}') as master \gset

create function pg_temp.changes_of(table_name text)
returns table (key text, column_name text, old_value text, new_value text)
language sql
as $$
    select c.key::text, c.column_name, c.old_value, c.new_value
    from reimbursement.changes as c
    where c.table_name = changes_of.table_name and c.change_id > current_setting('test.from')::bigint
    order by c.change_id, c.column_name
$$;
create procedure pg_temp.begin()
language sql
as $$
    select set_config('test.from', (select max(c.change_id) from reimbursement.change_log as c)::text, false)
$$;

-- Set-up.
select set_config('test.from', '0', false);
select results_eq(
    $$ select column_name, old_value, new_value from pg_temp.changes_of('legal_entities')
    where column_name in ('name', 'accounting_currency', 'minimum_reimbursement') $$,
    $$ values ('accounting_currency', null, 'USD'), ('minimum_reimbursement', null, '0'),
    ('name', null, 'Contoso US01') $$, 'a legal entity that is set up is written down, a row a column');
select results_eq(
    $$ select key, column_name, new_value from pg_temp.changes_of('ledger_periods')
    where key = '{"starts_on": "2025-01-01"}' $$,
    $$ values ('{"starts_on": "2025-01-01"}', 'ends_on', '2025-12-31'),
    ('{"starts_on": "2025-01-01"}', 'is_open', 'true') $$, 'so are its periods, by their key');
select is(
    (select count(distinct c.key) from pg_temp.changes_of('number_sequences') as c), 7::bigint, 'its sequences');
select isnt_empty($$ select from pg_temp.changes_of('methods_of_payment') $$, 'and its methods of payment');

-- A person inserts, changes and deletes.
call pg_temp.begin();
select test.as_person('master', $$
    insert into reimbursement.customers (legal_entity_id, customer_account, name, iban, address)
    values ('US01', 'ANN', 'Ann', 'DE89370400440532013000', '{"street": "Am Ring", "building": null}'),
    ('US01', 'BOB', 'Bob', null, null);
    update reimbursement.customers set name = 'Annie', iban = null, on_hold_from = '2025-01-01', vendor_account = 'V-ANN'
    where customer_account = 'ANN';
    update reimbursement.customers set name = name;
$$);
delete from reimbursement.customers where customer_account = 'BOB';
select results_eq(
    $$ select * from pg_temp.changes_of('customers') $$,
    $$ values
    ('{"customer_account": "ANN"}', 'address', null, '{"street": "Am Ring", "building": null}'),
    ('{"customer_account": "ANN"}', 'iban', null, 'DE89370400440532013000'),
    ('{"customer_account": "ANN"}', 'name', null, 'Ann'),
    ('{"customer_account": "BOB"}', 'name', null, 'Bob'),
    ('{"customer_account": "ANN"}', 'iban', 'DE89370400440532013000', null),
    ('{"customer_account": "ANN"}', 'name', 'Ann', 'Annie'),
    ('{"customer_account": "ANN"}', 'on_hold_from', null, '2025-01-01'),
    ('{"customer_account": "ANN"}', 'vendor_account', null, 'V-ANN'),
    ('{"customer_account": "BOB"}', 'name', 'Bob', null) $$,
    'every column that differs is a row; an insert has no old values, a deletion no new ones, and what stays is none');
select results_eq(
    $$ select distinct legal_entity_id collate "default", changed_by, changed_at between now() - interval '1 hour' and clock_timestamp(),
        transaction_id <= pg_current_xact_id()::text::bigint
    from reimbursement.changes where key = '{"customer_account": "ANN"}' $$,
    format('values (%L, %L, true, true)', 'US01', :'master'), 'with who acted, when, and in which transaction');

-- What can be changed, table by table.
select test.rate('EUR', 1.1);
select test.bank_account();
select test.vendor('V-ANN');
select test.payee('CAT', 10);
select test.reimburse();
create function pg_temp.logged(change text) returns text
language plpgsql
as $$
begin
    call pg_temp.begin();
    execute change;
    return (
        select string_agg(
            format('%s %s: %s > %s', c.key, c.column_name, coalesce(c.old_value, '-'), coalesce(c.new_value, '-')), '; '
            order by c.change_id, c.column_name)
        from reimbursement.changes as c where c.change_id > current_setting('test.from')::bigint
    );
end
$$;
select is(pg_temp.logged(l.change), l.logged, format('written down: %s', l.change))
from (
    values
    ('update reimbursement.legal_entities set minimum_reimbursement = 5',
        '{} minimum_reimbursement: 0 > 5'),
    ($$update reimbursement.legal_entities set payable_account = '999'$$, '{} payable_account: 200100 > 999'),
    ($$update reimbursement.ledger_periods set is_open = false where starts_on = '2024-01-01'$$,
        '{"starts_on": "2024-01-01"} is_open: true > false'),
    ('update reimbursement.exchange_rates set rate = 1.2',
        '{"currency": "EUR", "valid_from": "2025-01-01"} rate: 1.1 > 1.2'),
    ($$update reimbursement.number_sequences set format = 'P-##' where sequence = 'payment'$$,
        '{"sequence": "payment"} format: PAY-######## > P-##'),
    ($$update reimbursement.number_sequences set next_number = 7 where sequence = 'payment'$$,
        '{"sequence": "payment"} next_number: 1 > 7'),
    ($$update reimbursement.methods_of_payment set needs_bank_account = false where method_of_payment = 'SEPA'$$,
        '{"method_of_payment": "SEPA"} needs_bank_account: true > false'),
    ($$update reimbursement.bank_accounts set iban = 'DE89370400440532013000'$$,
        '{"bank_account": "BANK"} iban: GB29NWBK60161331926819 > DE89370400440532013000'),
    ($$update reimbursement.vendors set hold = 'all', payment_terms_days = 30, method_of_payment = 'CHECK'
        where vendor_account = 'V-ANN'$$,
        '{"vendor_account": "V-ANN"} hold: none > all; {"vendor_account": "V-ANN"} method_of_payment: - > CHECK; {"vendor_account": "V-ANN"} payment_terms_days: 0 > 30'),
    ($$update reimbursement.vendors set name = 'Kate' where vendor_account = 'OTV-00000001'$$,
        '{"vendor_account": "OTV-00000001"} name: Customer CAT > Kate'),
    ($$update reimbursement.vendor_invoices set held_until = '2025-12-31'$$,
        '{"invoice_number": "RINV-00000001"} held_until: - > 2025-12-31'),
    ($$insert into reimbursement.approval_rules values ('US01', 'vendor_payment', 100, 2)$$,
        '{"kind": "vendor_payment", "from_amount": 100} approvals: - > 2'),
    ('update reimbursement.approval_rules set approvals = 1',
        '{"kind": "vendor_payment", "from_amount": 100} approvals: 2 > 1'),
    ('update reimbursement.approval_rules set from_amount = 999',
        '{"kind": "vendor_payment", "from_amount": 100} from_amount: 100 > 999'),
    ('delete from reimbursement.approval_rules', '{"kind": "vendor_payment", "from_amount": 999} approvals: 1 > -'),
    ('delete from reimbursement.exchange_rates',
        '{"currency": "EUR", "valid_from": "2025-01-01"} rate: 1.2 > -'),
    ('delete from reimbursement.bank_accounts where false', null)
) as l (change, logged);
select is(
    pg_temp.logged(format('select reimbursement.grant_duty(%L, %L, %L)', :'master', 'auditor', 'US01'))
    ~ '^\{"duty": "auditor", "role_id": "[^;]*"\} granted_at: - > [^;]*; .* granted_by: - > ', true,
    'a duty that is given');
select is(
    pg_temp.logged(format('select reimbursement.revoke_duty(%L, %L, %L)', :'master', 'auditor', 'US01'))
    ~ '^\{"duty": "auditor", "role_id": ', true, 'and one that is taken');
select reimbursement.grant_duty(:'master', 'auditor');
select results_eq(
    $$ select distinct legal_entity_id collate "default" from reimbursement.changes
    where key ->> 'duty' = 'auditor' and new_value is not null order by 1 $$,
    $$ values ('US01'), (null) $$, 'a duty in all legal entities is of none');

-- What a transfer writes is not written down again.
update reimbursement.ledger_periods set is_open = true;
update reimbursement.number_sequences set format = 'PAY-########', next_number = 1 where sequence = 'payment';
update reimbursement.bank_accounts set iban = 'GB29NWBK60161331926819';
update reimbursement.vendor_invoices set held_until = null;
update reimbursement.vendors set hold = 'none' where vendor_account = 'OTV-00000001';
select test.payee('DAN', 20);
select test.payee('EVE', 30);
select test.vendor('V-LOADED', is_one_time => true);
update reimbursement.customers set vendor_account = 'V-LOADED' where customer_account = 'EVE';
select test.debit('EVE', 5);
call pg_temp.begin();
select test.reimburse(include_open_debits => true, net_open_debits => true);
select test.pay();
select test.reverse_payments(array['PAY-00000002']);
select test.reverse(array['RMB-00000002']);
select isnt_empty(
    $$ select from reimbursement.vendors where run_id is not null and customer_account = 'DAN' $$,
    'a run makes a one-time vendor and writes it back, takes numbers and gives a vendor its customer');
select is(
    (select v.customer_account from reimbursement.vendors as v where v.vendor_account = 'V-LOADED'), 'EVE',
    'all of these');
select is_empty(
    $$ select from reimbursement.changes where change_id > current_setting('test.from')::bigint $$,
    'none of it is a change of a person''s');
select is(
    pg_temp.logged($$ update reimbursement.customers set vendor_account = null where customer_account = 'DAN' $$),
    '{"customer_account": "DAN"} vendor_account: OTV-00000002 > -', 'but when a person changes it later, it is');

-- Who reads it.
select test.company(legal_entity_id => 'US02');
select test.person('auditor', '{auditor}');
select test.person('clerk', '{clerk, approver, payer, bank}');
create function pg_temp.seen_by(person text) returns text
language plpgsql
as $$
begin
    perform test.as_person(seen_by.person, $q$ select set_config('test.seen', (
        select coalesce(string_agg(distinct coalesce(c.legal_entity_id, 'all'), ', '), 'nothing')
        from reimbursement.changes as c), true) $q$);
    return current_setting('test.seen');
end
$$;
select is(pg_temp.seen_by('auditor'), 'US01', 'an auditor reads the log of his legal entity');
select is(pg_temp.seen_by('clerk'), 'nothing', 'nobody else does');
select throws_ok(
    format('select test.as_person(%L, %L)', 'master', c.statement), '42501', null, format('nor writes it: %s', c.statement))
from (
    values
    ('delete from reimbursement.change_log'), ('update reimbursement.change_log set changed_by = null'),
    ($$insert into reimbursement.change_log (table_name, key, changed_by, transaction_id) values ('x', '{}', 'x', 1)$$),
    ($$insert into reimbursement.vendors (legal_entity_id, vendor_account, name, run_id) values ('US01', 'V', 'V', 1)$$),
    ('update reimbursement.vendors set iban = null, last_run_id = 1'),
    ('update reimbursement.customers set vendor_account = null, last_run_id = 1'),
    ('update reimbursement.number_sequences set next_number = 7, numbers_taken = 7')
) as c (statement);

-- The log itself.
select throws_ok(c.change, 'RB015', null, format('the log is only added to: %s', c.change))
from (
    values
    ('delete from reimbursement.change_log'), ('truncate reimbursement.change_log'),
    ('update reimbursement.change_log set changed_by = $$somebody else$$'),
    ('delete from reimbursement.change_log where false'),
    ($$insert into reimbursement.change_log (legal_entity_id, table_name, key, changed_by, transaction_id)
        values ('US01', 'customers', '{}', 'somebody else', 1)$$)
) as c (change);
set client_min_messages = warning;
set session_replication_role = replica;
select throws_ok('delete from reimbursement.change_log', 'RB015', null, 'not by a replica either');
reset session_replication_role;
set constraints all immediate;
select throws_ok(
    format('truncate reimbursement.%I cascade', t.name), 'RB015', null, format('%s are not emptied at once', t.name))
from (
    values ('approval_rules'), ('duty_grants'), ('exchange_rates'), ('customers'), ('vendors'), ('legal_entities')
) as t (name);

update reimbursement.legal_entities set minimum_reimbursement = 0;
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
