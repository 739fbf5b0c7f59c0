-- Bank details that a person changed are paid only when another person has confirmed them, where the company wants it.
select plan(53);

select test.company();
select test.bank_account();
select test.person('one', '{master}') as one \gset
select test.person('two', '{master}') as two \gset
select test.person('three', '{master}') as three \gset
select test.person('clerk', '{clerk}');

-- Each customer has a vendor of his own and an invoice; what the owner inserts is confirmed by one of the persons.
create function pg_temp.invoice(customer_account text, vendor_account text) returns void
language sql
as $$
    select test.payee(invoice.customer_account, 10, vendor_account => invoice.vendor_account, iban => null)
$$;
select test.vendor('V-OFF', iban => 'DE89370400440532013000');
select test.vendor('V-INSERTED', iban => 'DE89370400440532013000');
select test.vendor('V-BIC', bic => 'COBADEFFXXX', method_of_payment => 'CHECK');
select test.vendor('V-BARE', method_of_payment => 'CHECK');
select pg_temp.invoice('OFF', 'V-OFF');
select pg_temp.invoice('INSERTED', 'V-INSERTED');
select pg_temp.invoice('BIC', 'V-BIC');
select pg_temp.invoice('BARE', 'V-BARE');
select test.payee('NONE', 10);
select test.payee('NONE-BARE', 10, iban => null);
select test.reimburse();

create function pg_temp.pay() returns void
language sql
as $$
    select test.pay(vendor_filter => '!V-OFF, !V-OFF*')
$$;
create function pg_temp.preview(customer_account text) returns text
language sql
as $$
    select string_agg(distinct coalesce(p.skip_reason, 'paid'), ', ')
    from reimbursement.preview_vendor_payment('US01', '2025-07-15') as p
    inner join reimbursement.reimbursement_report as r on r.invoice_number = p.invoice_number and r.legal_entity_id = 'US01'
    where r.customer_account = preview.customer_account
$$;
create function pg_temp.confirm(person text, vendor_account text) returns text
language plpgsql
as $$
begin
    perform test.as_person(confirm.person,
        format('select reimbursement.confirm_bank_details(%L, %L)', 'US01', confirm.vendor_account));
    return 'confirmed';
exception
    when others then return sqlstate || ' ' || sqlerrm;
end
$$;

select is(pg_temp.preview('INSERTED'), 'paid', 'off: nobody has to confirm anything');
update reimbursement.legal_entities set confirm_bank_details = true;
select is(pg_temp.preview(c.account), c.fate, format('on: %s, %s', c.account, c.fate))
from (
    values
    ('INSERTED', 'bank_details_unconfirmed'), ('BIC', 'bank_details_unconfirmed'),
    ('NONE', 'bank_details_unconfirmed')
) as c (account, fate);
select is(pg_temp.preview('BARE'), 'bank_details_unconfirmed', 'a customer who points to a vendor is a change too');
select is(pg_temp.preview('NONE-BARE'), 'bank_details_missing', 'what comes before it in the order is kept');

select is(
    pg_temp.confirm('one', 'V-INSERTED'), 'confirmed', 'a person who made none of the changes confirms them');
select is(pg_temp.preview('INSERTED'), 'paid', 'then the vendor is paid');
select matches(pg_temp.confirm('one', 'V-INSERTED'), '^RB055 .* are confirmed already', 'once is enough');
select is(pg_temp.preview('BIC'), 'bank_details_unconfirmed', 'each vendor by itself');
select is(pg_temp.confirm('one', 'V-BIC'), 'confirmed', 'the other');
select is(pg_temp.preview('BIC'), 'paid', 'is paid too');
select throws_ok(
    $$ select reimbursement.confirm_bank_details('US01', 'V-BARE') $$, '42501',
    format('permission denied: "%s" has changed the bank details of vendor "V-BARE" himself, and nobody confirms his own changes',
        current_user), 'nobody confirms his own changes, the owner neither');

-- One-time vendors take the customer's, and wait with it.
select r.vendor_account as one_time from reimbursement.reimbursement_report as r where r.customer_account = 'NONE' \gset
select is(pg_temp.confirm('one', :'one_time'), 'confirmed', 'a one-time vendor is confirmed with its customer''s details');
select is(pg_temp.preview('NONE'), 'paid', 'then it is paid');

-- What counts as a change, and whose it is.
create function pg_temp.fate_after(person text, change text) returns text
language plpgsql
as $$
begin
    perform test.as_person(fate_after.person, fate_after.change);
    return pg_temp.preview('INSERTED');
end
$$;
select is(pg_temp.fate_after('one', c.change), c.fate, format('%s: %s', c.change, c.fate))
from (
    values
    ($$update reimbursement.vendors set payment_terms_days = 7, vendor_group = 'X', hold = 'invoice'
        where vendor_account = 'V-INSERTED'$$, 'paid'),
    ($$update reimbursement.vendors set iban = iban where vendor_account = 'V-INSERTED'$$, 'paid'),
    ($$update reimbursement.customers set name = 'X', customer_group = 'X' where customer_account = 'INSERTED'$$, 'paid'),
    ($$update reimbursement.vendors set name = 'Somebody' where vendor_account = 'V-INSERTED'$$,
        'bank_details_unconfirmed')
) as c (change, fate);
select matches(pg_temp.confirm('one', 'V-INSERTED'), '^42501 .*nobody confirms his own', 'who changed the name does not confirm it');
select is(
    pg_temp.fate_after('two', $$update reimbursement.vendors set bic = 'COBADEFFXXX' where vendor_account = 'V-INSERTED'$$),
    'bank_details_unconfirmed', 'another changes the BIC');
select matches(pg_temp.confirm('one', 'V-INSERTED'), '^42501', 'the first has made one of the changes');
select matches(pg_temp.confirm('two', 'V-INSERTED'), '^42501', 'and so has the second');
select is(pg_temp.confirm('three', 'V-INSERTED'), 'confirmed', 'a third person has not');
select is(pg_temp.preview('INSERTED'), 'paid', 'it is paid again');
select is(
    pg_temp.fate_after('three', $$update reimbursement.vendors set iban = 'FR1420041010050500013M02606'
        where vendor_account = 'V-INSERTED'$$), 'bank_details_unconfirmed', 'whoever confirmed may change, and is then one who did');
select matches(pg_temp.confirm('three', 'V-INSERTED'), '^42501', 'and does not confirm it');
select is(pg_temp.confirm('one', 'V-INSERTED'), 'confirmed', 'who changed before the last confirmation may');
select is(
    pg_temp.fate_after('one', $$insert into reimbursement.customers (legal_entity_id, customer_account, name, vendor_account)
        values ('US01', 'NEW', 'New', 'V-INSERTED')$$), 'bank_details_unconfirmed', 'a customer who is newly pointed to it');
select is(pg_temp.confirm('two', 'V-INSERTED'), 'confirmed', 'is confirmed');
select is(
    pg_temp.fate_after('one', $$update reimbursement.customers set vendor_account = null where customer_account = 'NEW'$$),
    'paid', 'one who points away is none');
select is(
    pg_temp.fate_after('one', $$update reimbursement.customers set vendor_account = 'V-INSERTED'
        where customer_account = 'NEW'$$), 'bank_details_unconfirmed', 'and back again is');
select is(pg_temp.confirm('two', 'V-INSERTED'), 'confirmed', 'is confirmed');
select test.as_person('one', $$update reimbursement.customers set iban = 'DE02120300000000202051'
    where customer_account = 'NONE'$$);
update reimbursement.vendors set iban = 'DE02120300000000202051' where customer_account = 'NONE';
select is(pg_temp.preview('NONE'), 'bank_details_unconfirmed', 'a one-time vendor waits with its customer');
select matches(pg_temp.confirm('one', :'one_time'), '^42501', 'whoever changed the customer''s does not confirm it');
select is(pg_temp.confirm('two', :'one_time'), 'confirmed', 'another does');

-- Who inserts a vendor with a BIC alone has given bank details; who inserts one without has not.
select test.as_person('one', $$insert into reimbursement.vendors (legal_entity_id, vendor_account, name, bic)
    values ('US01', 'V-BIC-ALONE', 'X', 'COBADEFFXXX'), ('US01', 'V-NOTHING', 'X', null)$$);
select test.customer('BIC-ALONE', vendor_account => 'V-BIC-ALONE');
select test.customer('NOTHING', vendor_account => 'V-NOTHING');
select matches(pg_temp.confirm('one', 'V-BIC-ALONE'), '^42501 .*nobody confirms his own', 'a BIC is bank details');
select is(pg_temp.confirm('one', 'V-NOTHING'), 'confirmed', 'a name alone is none when it is inserted');

-- It is the transfer's reason too.
select test.as_person('one', $$update reimbursement.vendors set name = 'Nobody' where vendor_account = 'V-INSERTED'$$);
select test.pay();
select is(test.payment_fate(c.account), c.fate, format('paid or not: %s, %s', c.account, c.fate))
from (
    values
    ('INSERTED', 'bank_details_unconfirmed'), ('BIC', 'paid'), ('NONE', 'paid'), ('BARE', 'bank_details_unconfirmed'),
    ('NONE-BARE', 'bank_details_missing'), ('OFF', 'bank_details_unconfirmed')
) as c (account, fate);

-- A change that is made while another confirms is not confirmed with it.
select test.open_other_session('other');
select test.in_other_session(format('set role %I', :'one'), 'other');
select test.in_other_session('begin', 'other');
select test.in_other_session(
    $$update reimbursement.vendors set iban = 'DE02120300000000202051' where vendor_account = 'V-INSERTED'$$, 'other');
select is(pg_temp.confirm('two', 'V-INSERTED'), 'confirmed', 'who confirms waits for nobody');
select test.in_other_session('commit', 'other');
select is(pg_temp.preview('INSERTED'), 'bank_details_unconfirmed', 'and confirms what he has seen');

-- Bad input.
select matches(pg_temp.confirm('clerk', 'V-INSERTED'), '^42501 .*has not the duty master', 'it takes the duty of a master');
select matches(pg_temp.confirm('one', 'V-NOBODY'), '^RB055 legal entity "US01" has no vendor "V-NOBODY"', 'a vendor who is none');
select throws_ok($$ select reimbursement.confirm_bank_details('XX', 'V') $$, 'RB001', null, 'a legal entity that is none');
select throws_ok($$ select reimbursement.confirm_bank_details('US01', null) $$, 'RB006', null, 'no vendor');
select throws_ok('delete from reimbursement.bank_detail_confirmations', 'RB015', null, 'a confirmation stays');
select throws_ok(
    format('select test.as_person(%L, %L)', 'one', 'update reimbursement.legal_entities set confirm_bank_details = false'),
    '42501', null, 'the switch is the owner''s');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
