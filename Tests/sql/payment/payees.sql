-- The limits of the reasons that keep money from the wrong payee, and what release_invoice lifts.
select plan(62);

select test.company();
select test.bank_account();

-- Pays what is due, and says what became of a customer's invoices.
create function pg_temp.fate(
    customer_account text, payment_date date default '2025-07-15', pay_per text default 'invoice'
) returns text
language plpgsql
as $$
begin
    perform test.pay(fate.payment_date, vendor_filter => (
        select string_agg(distinct r.vendor_account, ', ')
        from reimbursement.reimbursement_report as r
        where r.customer_account = fate.customer_account
    ), pay_per => fate.pay_per);
    return test.payment_fate(fate.customer_account);
end
$$;
create function pg_temp.payment(customer_account text) returns text[]
language sql
as $$
    select array[r.payment_number] from reimbursement.reimbursement_report as r
    where r.customer_account = payment.customer_account
$$;
create function pg_temp.invoice(customer_account text) returns text
language sql
as $$
    select min(r.invoice_number) from reimbursement.reimbursement_report as r
    where r.customer_account = invoice.customer_account
$$;
-- Lets a customer's first invoice be paid.
create function pg_temp.release(customer_account text, reason text default 'the bank confirms it') returns void
language sql
as $$
    select reimbursement.release_invoice('US01', pg_temp.invoice(release.customer_account), release.reason)
$$;

-- A customer who is on hold: on the payment date, or today. Both ends of the hold are in it, and no end is for ever.
select test.payee('HOLD', 10), test.payee('TODAY', 10), test.payee('EVER', 10);
select test.reimburse();
update reimbursement.customers set on_hold_from = '2025-07-15', on_hold_to = '2025-07-16'
where customer_account = 'HOLD';
update reimbursement.customers set on_hold_from = current_date, on_hold_to = current_date
where customer_account = 'TODAY';
update reimbursement.customers set on_hold_from = '2025-07-16' where customer_account = 'EVER';
select is(
    pg_temp.fate('HOLD', '2025-07-15'), 'customer_on_hold', 'on the first day of his hold a customer is not paid');
select is(pg_temp.fate('HOLD', '2025-07-16'), 'customer_on_hold', 'nor on the last');
select is(pg_temp.fate('TODAY', '2025-07-16'), 'customer_on_hold', 'nor on another date while he is on hold today');
select is(pg_temp.fate('EVER', '2025-07-15'), 'customer_on_hold', 'nor before the hold that he is on today');
select is(pg_temp.fate('HOLD', '2025-07-17'), 'paid', 'after his hold he is');
update reimbursement.customers
set on_hold_from = current_date + 1, on_hold_to = current_date + 1 where customer_account = 'TODAY';
select is(pg_temp.fate('TODAY', '2025-07-16'), 'paid', 'and before it');
select is(pg_temp.fate('EVER', '2025-07-15'), 'customer_on_hold', 'a hold without an end is for ever');
update reimbursement.customers set on_hold_from = null where customer_account = 'EVER';
select is(pg_temp.fate('EVER', '2025-07-15'), 'paid', 'until it is taken away');

-- What a customer owes: more than when he was reimbursed, after what that run netted.
select test.payee('OWES', 100), test.payee('NETS', 100), test.payee('OLD', 100);
select test.debit('OWES', 30), test.debit('NETS', 30), test.debit('NETS', 500, transaction_date => '2025-07-01');
select test.reimburse(customer_filter => 'OWES, OLD', include_open_debits => true);
select test.reimburse(customer_filter => 'NETS', include_open_debits => true, net_open_debits => true);
select results_eq(
    $$ select customer_account::text collate "default", open_debits from reimbursement.reimbursements
    where customer_account in ('NETS', 'OLD', 'OWES') order by 1 $$,
    $$ values ('NETS', 500.00), ('OLD', 0), ('OWES', 30.00) $$,
    'a reimbursement keeps what its customer owed after it, netted debits left out, later ones counted');
select test.debit('OWES', 0.01), test.debit('NETS', 0.01), test.debit('OLD', 7);
set session_replication_role = replica;
update reimbursement.reimbursements set open_debits = null where customer_account = 'OLD';
reset session_replication_role;
update reimbursement.legal_entities set recheck_open_debits = true;
select is(pg_temp.fate('OWES'), 'customer_owes', 'who owes a cent more is not paid');
select is(pg_temp.fate('NETS'), 'customer_owes', 'nor he whose debits were netted');
select is(pg_temp.fate('OLD'), 'paid', 'of whom nothing was kept is paid as before');
update reimbursement.customer_transactions set settled_amount = 0.01, settled_accounting_amount = 0.01
where customer_account = 'NETS' and amount = 500;
select is(pg_temp.fate('NETS'), 'paid', 'who owes as much as then is paid, whatever it is that he owes');
update reimbursement.legal_entities set recheck_open_debits = false;
select is(
    (select array_agg(p.skip_reason) from reimbursement.preview_vendor_payment('US01', '2025-07-15') as p
    where p.invoice_number = pg_temp.invoice('OWES')), array[null::text],
    'nobody is asked for what he owes unless the legal entity says so');
update reimbursement.legal_entities set recheck_open_debits = true;
select lives_ok($$ select pg_temp.release('OWES') $$, 'an approver lets it be paid all the same');
select is(pg_temp.fate('OWES'), 'paid', 'then it is');

-- An account that a payment came back from.
create function pg_temp.come_back(customer_account text, iban text, return_code text default null) returns void
language plpgsql
as $$
begin
    perform test.payee(come_back.customer_account, 10, iban => come_back.iban);
    perform test.reimburse(customer_filter => come_back.customer_account);
    perform pg_temp.fate(come_back.customer_account);
    perform test.reverse_payments(pg_temp.payment(come_back.customer_account), return_code => come_back.return_code);
end
$$;
select pg_temp.come_back('BACK', 'DE89370400440532013000', 'AC04');
select is(
    pg_temp.fate('BACK', '2025-07-20'), 'returned_to_same_account', 'what came back is not paid to the same account again');
update reimbursement.vendors set iban = 'DE89 3704 0044 0532 0130 00'
where vendor_account = (select vendor_account from reimbursement.reimbursement_report where customer_account = 'BACK');
select is(pg_temp.fate('BACK', '2025-07-20'), 'returned_to_same_account', 'however it is written');
update reimbursement.vendors set iban = 'NL91ABNA0417164300'
where vendor_account = (select vendor_account from reimbursement.reimbursement_report where customer_account = 'BACK');
update reimbursement.customers set iban = 'NL91ABNA0417164300' where customer_account = 'BACK';
select is(pg_temp.fate('BACK', '2025-07-20'), 'paid', 'to another account it is');
select test.reverse_payments(pg_temp.payment('BACK'), return_code => 'MS03');
update reimbursement.vendors set iban = 'DE89370400440532013000'
where vendor_account = (select vendor_account from reimbursement.reimbursement_report where customer_account = 'BACK');
update reimbursement.customers set iban = null where customer_account = 'BACK';
select is(
    pg_temp.fate('BACK', '2025-07-20'), 'returned_to_same_account',
    'it is not paid to an account that an earlier payment of it came back from');
select is(
    (select e.found #>> '{0,return_code}' || ' ' || jsonb_array_length(e.found)
    from reimbursement.explain_invoice('US01', pg_temp.invoice('BACK'), '2025-07-20') as e), 'AC04 1',
    'which is explained by the payment that did, and by no other');
select pg_temp.come_back('UNSENT', 'DE89370400440532013000');
select is(pg_temp.fate('UNSENT', '2025-07-20'), 'paid', 'what was never sent is paid to the same account');

-- Rejections by the bank, as its messages say them: only a reason of the account itself holds the account.
create function pg_temp.reject(return_code text) returns text
language plpgsql
as $$
declare
    v_customer constant text := 'RJCT-' || reject.return_code;
begin
    perform pg_temp.come_back(v_customer, 'DE89370400440532013000', reject.return_code);
    set local session_replication_role = replica;
    update reimbursement.reversals as r set is_rejection = true
    where r.voucher = (select max(x.voucher) from reimbursement.reversals as x);
    set local session_replication_role = origin;
    return pg_temp.fate(v_customer, '2025-07-20');
end
$$;
select is(pg_temp.reject(c.code), c.fate, format('rejected with %s: %s', c.code, c.fate))
from (
    values
    ('AC01', 'returned_to_same_account'), ('AC04', 'returned_to_same_account'), ('AC06', 'returned_to_same_account'),
    ('AM04', 'paid'), ('FF01', 'paid')
) as c (code, fate);

-- One release, for one payment.
select lives_ok(
    $$ select pg_temp.release('RJCT-AC04', ' the account is open again ') $$, 'an approver lets it be paid');
select results_eq(
    $$ select release, payments, reason, released_by::text from reimbursement.invoice_releases
    where invoice_number = pg_temp.invoice('RJCT-AC04') $$,
    format($$ values (1, 1, 'the account is open again', %L) $$, current_user), 'which is written down');
select results_eq(
    $$ select column_name, new_value, changed_by::text from reimbursement.changes
    where table_name = 'invoice_releases'
        and key = jsonb_build_object('invoice_number', pg_temp.invoice('RJCT-AC04'), 'release', 1)
        and column_name in ('payments', 'reason') order by column_name $$,
    format($$ values ('payments', '1', %1$L), ('reason', 'the account is open again', %1$L) $$, current_user),
    'and is in the changes');
select is(
    (select e.found #>> '{0,released_because}'
    from reimbursement.explain_invoice('US01', pg_temp.invoice('RJCT-AC04'), '2025-07-20') as e),
    'the account is open again', 'and in the explanation');
select is(pg_temp.fate('RJCT-AC04', '2025-07-20'), 'paid', 'then it is paid to the same account');
select is(pg_temp.fate('RJCT-AC01', '2025-07-20'), 'returned_to_same_account', 'another invoice is not');
select test.reverse_payments(pg_temp.payment('RJCT-AC04'), return_code => 'AC04');
select is(
    pg_temp.fate('RJCT-AC04', '2025-07-20'), 'returned_to_same_account', 'a payment has used the release up');
select pg_temp.release('RJCT-AC04');
select is(
    (select string_agg(r.release || ':' || r.payments, ' ' order by r.release)
    from reimbursement.invoice_releases as r where r.invoice_number = pg_temp.invoice('RJCT-AC04')), '1:1 2:2',
    'it needs another');
select pg_temp.release('RJCT-AC04');
select is(
    (select count(*) from reimbursement.invoice_releases as r where r.invoice_number = pg_temp.invoice('RJCT-AC04')),
    2::bigint, 'and not two: what is released already is left alone');
select throws_ok(
    'delete from reimbursement.invoice_releases', 'RB015', null, 'nobody takes a release away');
select throws_ok($$ update reimbursement.invoice_releases set reason = 'x' $$, 'RB015', null, 'or changes it');
update reimbursement.vendors set hold = 'payment'
where vendor_account = (
    select r.vendor_account from reimbursement.reimbursement_report as r where r.customer_account = 'RJCT-AC04');
select is(pg_temp.fate('RJCT-AC04', '2025-07-20'), 'vendor_on_hold', 'a release lifts nothing else');

-- What cannot be released, or need not be.
select test.payee('FREE', 10);
select test.reimburse(customer_filter => 'FREE');
select pg_temp.release('FREE');
select is_empty(
    $$ select from reimbursement.invoice_releases where invoice_number = pg_temp.invoice('FREE') $$,
    'an invoice that nothing holds is not released');
select pg_temp.fate('FREE');
select throws_ok(
    $$ select pg_temp.release('FREE') $$, 'RB063',
    format('invoice "%s" of legal entity "US01" is paid: it is not released', pg_temp.invoice('FREE')),
    'nor is one that is paid');
select test.reverse_payments(pg_temp.payment('FREE'));
select test.reverse((select array_agg(r.reimbursement_number) from reimbursement.reimbursements as r
    where r.customer_account = 'FREE'));
select throws_ok(
    $$ select pg_temp.release('FREE') $$, 'RB063',
    format('invoice "%s" of legal entity "US01" is cancelled: it is not released', pg_temp.invoice('FREE')),
    'nor one that is cancelled');
select throws_ok(
    $$ select reimbursement.release_invoice('US01', 'RINV-9', 'why') $$, 'RB063',
    'legal entity "US01" has no invoice "RINV-9"', 'nor one that there is not');
select throws_ok($$ select pg_temp.release('RJCT-AC01', ' ') $$, 'RB007', null, 'nor any without a reason');
select throws_ok($$ select reimbursement.release_invoice('US01', null, 'why') $$, 'RB006', null, 'nor NULL');

-- A hold of an invoice, by a payer.
select throws_ok(
    $$ select reimbursement.hold_invoice('US01', 'RINV-9', '2025-09-01', 'why') $$, 'RB063', null,
    'an invoice that there is not is not held');
select throws_ok(
    $$ select reimbursement.hold_invoice('US01', pg_temp.invoice('RJCT-AC01'), '2025-09-01', '') $$, 'RB007', null,
    'nor any without a reason');
select reimbursement.hold_invoice('US01', pg_temp.invoice('RJCT-AC06'), '2025-07-22', 'he disputes it');
select is(pg_temp.fate('RJCT-AC06', '2025-07-21'), 'held_until', 'an invoice is held until a day');
select is(
    (select e.found from reimbursement.explain_invoice('US01', pg_temp.invoice('RJCT-AC06'), '2025-07-21') as e
    where e.is_first), '[{"held_until": "2025-07-22", "hold_reason": "he disputes it"}]', 'for a reason');
select results_eq(
    $$ select column_name, new_value from reimbursement.changes
    where table_name = 'vendor_invoices' and key ->> 'invoice_number' = pg_temp.invoice('RJCT-AC06') order by 1 $$,
    $$ values ('held_until', '2025-07-22'), ('hold_reason', 'he disputes it') $$, 'which is in the changes');
select reimbursement.hold_invoice('US01', pg_temp.invoice('RJCT-AC06'), null, 'settled');
select is(pg_temp.fate('RJCT-AC06', '2025-07-21'), 'returned_to_same_account', 'and held no more');

-- How many vendors may have one account, however it was typed, in one legal entity.
select test.payee('MATE-1', 10, iban => 'FR1420041010050500013M02606');
select test.payee('MATE-2', 10, iban => 'FR14 2004 1010 0505 0001 3M02 606');
select test.reimburse(customer_filter => 'MATE-*');
select test.company(legal_entity_id => 'US02');
select test.vendor('V-1', iban => 'FR1420041010050500013M02606', legal_entity_id => 'US02');
update reimbursement.legal_entities set shared_iban_maximum = 1;
select is(pg_temp.fate('MATE-1'), 'iban_shared', 'two vendors have the account, and one may');
select pg_temp.release('MATE-1');
select is(pg_temp.fate('MATE-1'), 'paid', 'one of them is released');
select is(pg_temp.fate('MATE-2'), 'iban_shared', 'the other is not');
update reimbursement.legal_entities set shared_iban_maximum = 2;
select is(pg_temp.fate('MATE-2'), 'paid', 'two may; a vendor of another legal entity does not count');

-- The greatest payment, in accounting currency.
select test.rate('EUR', 1.005);
select test.bank_account('EURO', 'EUR');
update reimbursement.legal_entities set maximum_payment = 100.5, shared_iban_maximum = null;
select test.payee('MOST', 100, 'EUR'), test.payee('MORE', 100.01, 'EUR'), test.payee('SPLIT', 60);
select test.credit('SPLIT', 40.5, dimensions => '{"Department": "010"}');
select test.credit('SPLIT', 30, dimensions => '{"Department": "020"}');
select test.reimburse(summarize_customer => false, customer_filter => 'MO*, SPLIT');
select is(pg_temp.fate('MOST'), 'paid', 'a payment may come to the maximum, in accounting currency');
select is(pg_temp.fate('MORE'), 'over_single_maximum', 'and not to a cent more');
select is(
    pg_temp.fate('SPLIT', pay_per => 'vendor'), 'over_single_maximum',
    'with one payment a vendor all of its invoices count');
select pg_temp.release('SPLIT');
select results_eq(
    $$ select amount, skip_reason, payment from reimbursement.preview_vendor_payment('US01', '2025-07-15',
        pay_per => 'vendor', vendor_filter => (
            select r.vendor_account from reimbursement.reimbursement_report as r
            where r.customer_account = 'SPLIT' limit 1)) order by invoice_number $$,
    $$ values (60.00, null, 1::bigint), (40.50, null, 1), (30.00, null, 1) $$,
    'what is released does not count: the others are little enough, and all are one payment');
update reimbursement.legal_entities set maximum_payment = 70;
select results_eq(
    $$ select amount, skip_reason, payment, accounting_amount from reimbursement.preview_vendor_payment(
        'US01', '2025-07-15', pay_per => 'vendor', vendor_filter => (
            select r.vendor_account from reimbursement.reimbursement_report as r
            where r.customer_account = 'SPLIT' limit 1)) order by invoice_number $$,
    $$ values
    (60.00, null, 1::bigint, 60.00), (40.50, 'over_single_maximum', null, 40.50),
    (30.00, 'over_single_maximum', null, 30.00) $$,
    'where the others are too much, what is released is paid alone');
select is(pg_temp.fate('SPLIT', pay_per => 'vendor'), 'over_single_maximum, paid', 'which a run does, too');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
