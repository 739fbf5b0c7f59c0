-- Why a payment run leaves an invoice out: the first reason in the order of the rules is kept, and explain_invoice has
-- all of them.
select plan(25);

-- Two invoices of one vendor that have everything against them. They were paid once, and the money came back.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.bank_account('OWN', 'JPY', iban => 'GB29NWBK60161331926819');
select test.rate('EUR', 1.1);
select test.rate('EUR', 1.1, '2025-06-30');
select test.vendor('V-ANN', iban => 'DE89370400440532013000');
select test.vendor('V-OTHER', iban => 'NL91 ABNA 0417 1643 00');
select test.payee('ANN', 600000000, 'EUR', vendor_account => 'V-ANN');
select test.credit('ANN', 500000000, 'EUR', dimensions => '{"Department": "010"}');
select test.debit('ANN', 40);
select test.reimburse(summarize_customer => false, include_open_debits => true);
select test.pay('2025-07-01');
select test.reverse_payments(array['PAY-00000001', 'PAY-00000002'], '2025-07-20', return_code => 'AC04');

select test.debit('ANN', 1);
update reimbursement.customers set on_hold_from = '2025-06-10', on_hold_to = '2025-06-20';
update reimbursement.vendor_invoices set held_until = '2025-12-31';
update reimbursement.bank_accounts set is_default = false where bank_account = 'EURO';
update reimbursement.bank_accounts set iban = 'DE89 3704 0044 0532 0130 00' where bank_account = 'OWN';
update reimbursement.legal_entities
set
    max_rate_age_days = 1, recheck_open_debits = true, confirm_bank_details = true, shared_iban_maximum = 1,
    maximum_payment = 1;
set session_replication_role = replica;
update reimbursement.vendors set hold = 'all', iban = 'DE00370400440532013000', name = '株式会社'
where vendor_account = 'V-ANN';
reset session_replication_role;

-- What was explained before each payment, and what became of the invoices then.
create temporary table explained (
    step int generated always as identity, invoice_number text, reason text, is_first boolean, found jsonb, remedy text,
    fate text
);

-- Pays after having mended something, and says what became of the invoices.
create function pg_temp.fate_after(
    change text default null, payment_date date default '2025-06-15', maximum_total numeric default 1
) returns text
language plpgsql
as $$
begin
    execute coalesce(change, 'select');
    insert into explained (invoice_number, reason, is_first, found, remedy)
    select i.invoice_number, e.*
    from reimbursement.vendor_invoices as i
    cross join lateral reimbursement.explain_invoice(
        'US01', i.invoice_number, fate_after.payment_date, due_through => '2025-12-31', pay_per => 'vendor',
        maximum_total => fate_after.maximum_total) as e
    order by i.invoice_number;
    perform test.pay(payment_date, due_through => '2025-12-31', pay_per => 'vendor', maximum_total => maximum_total);
    update explained as e
    set fate = coalesce(
        (select p.skip_reason from test.paid() as p where p.invoice_number = e.invoice_number), 'paid')
    where e.fate is null;
    return test.payment_fate('ANN');
end
$$;
select is(pg_temp.fate_after(), 'vendor_on_hold', 'first of all: the vendor is on hold');
select is(
    (select array_agg(e.reason order by e.step) from explained as e where e.invoice_number = 'RINV-00000001'),
    array[
        'vendor_on_hold', 'customer_on_hold', 'held_until', 'customer_owes', 'bank_details_missing',
        'bank_details_differ', 'bank_details_unconfirmed', 'before_invoice', 'later_activity', 'currency_not_payable',
        'name_not_representable', 'no_exchange_rate'
    ], 'all of its reasons are explained at once, but those of an account and of a payment that it does not have yet');
select is(
    pg_temp.fate_after($$ update reimbursement.vendors set hold = 'none' $$), 'customer_on_hold',
    'then: the customer is on hold on the payment date');
select is(
    pg_temp.fate_after($$ update reimbursement.customers set on_hold_to = '2025-06-14' $$), 'held_until',
    'then: the invoice is held until a day');
select is(
    pg_temp.fate_after('update reimbursement.vendor_invoices set held_until = null'), 'customer_owes',
    'then: the customer owes more than when he was reimbursed');
select is(
    pg_temp.fate_after('update reimbursement.legal_entities set recheck_open_debits = false'), 'bank_details_missing',
    'then: the vendor has no valid bank details');
select is(
    pg_temp.fate_after($$ update reimbursement.vendors set iban = 'FR1420041010050500013M02606'
        where vendor_account = 'V-ANN' $$),
    'bank_details_differ', 'then: they are not the customer''s');
select is(
    pg_temp.fate_after($$ update reimbursement.vendors set iban = 'DE89 3704 0044 0532 0130 00'
        where vendor_account = 'V-ANN' $$),
    'bank_details_unconfirmed', 'then: nobody has confirmed them');
select is(
    pg_temp.fate_after('update reimbursement.legal_entities set confirm_bank_details = false'), 'own_account',
    'then: they are the legal entity''s own');
select is(
    pg_temp.fate_after($$ update reimbursement.bank_accounts set iban = 'GB29NWBK60161331926819'
        where bank_account = 'OWN' $$),
    'returned_to_same_account', 'then: a payment came back from there');
select is(
    pg_temp.fate_after($$
        update reimbursement.vendors set iban = 'NL91ABNA0417164300' where vendor_account = 'V-ANN';
        update reimbursement.customers set iban = 'NL91ABNA0417164300'
    $$), 'iban_shared', 'then: too many vendors have them');
select is(
    pg_temp.fate_after('update reimbursement.legal_entities set shared_iban_maximum = 2'), 'before_invoice',
    'then: the payment is before the invoice');
select is(
    pg_temp.fate_after(payment_date => '2025-07-19'), 'later_activity',
    'then: the invoice was reopened on a day after the payment date');
select is(
    pg_temp.fate_after(payment_date => '2025-07-20'), 'currency_not_payable',
    'then: no bank account pays its currency');
select is(
    pg_temp.fate_after(
        $$ update reimbursement.bank_accounts set is_default = true where bank_account = 'EURO' $$, '2025-07-20'),
    'name_not_representable', 'then: a bank file cannot carry the vendor''s name');
select is(
    pg_temp.fate_after($$ update reimbursement.vendors set name = 'Ann' $$, '2025-07-20'), 'amount_not_representable',
    'then: nor the amount of the payment');
select is(
    pg_temp.fate_after($$ update reimbursement.vendors set method_of_payment = 'CHECK' $$, '2025-07-20'),
    'no_exchange_rate', 'then: there is no exchange rate');
select is(
    pg_temp.fate_after('update reimbursement.legal_entities set max_rate_age_days = 20', '2025-07-20'),
    'over_single_maximum', 'then: it is more than one payment may be');
select is(
    pg_temp.fate_after('update reimbursement.legal_entities set maximum_payment = 1210000000', '2025-07-20'),
    'over_maximum', 'last: it is over the maximum');
select is(
    pg_temp.fate_after(payment_date => '2025-07-20', maximum_total => 1210000000), 'paid', 'else it is paid');
select is(
    (select array_agg(distinct s.skip_reason order by s.skip_reason) from reimbursement.skipped_invoices as s),
    array[
        'amount_not_representable', 'bank_details_differ', 'bank_details_missing', 'bank_details_unconfirmed',
        'before_invoice', 'currency_not_payable', 'customer_on_hold', 'customer_owes', 'held_until', 'iban_shared',
        'later_activity', 'name_not_representable', 'no_exchange_rate', 'over_maximum', 'over_single_maximum',
        'own_account', 'returned_to_same_account', 'vendor_on_hold'
    ], 'these are all the reasons there are');
select is_empty(
    'select * from explained where is_first and coalesce(reason, ''paid'') <> fate',
    'whatever reason it was, the explanation said it before, and as the first');
select is(
    (select count(distinct e.fate) || ' ' || count(*) filter (where e.is_first) from explained as e), '19 38',
    'for every fate, and for each of the two invoices, once');
select is_empty(
    $$ select * from explained
    where remedy is null or jsonb_typeof(found) is distinct from 'array' or coalesce(found -> 0, 'null') = 'null' $$,
    'with the rows behind it and what would change it');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
