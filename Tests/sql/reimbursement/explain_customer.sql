-- Why a customer is not reimbursed, or not all of his credits: every reason, with what is behind it. The first is the
-- preview's.
select plan(47);

select test.company(minimum_reimbursement => 10);
select test.rate('EUR', 2);
select test.vendor('V-HELD', hold => 'all');
select test.vendor('OTV-FREE', is_one_time => true);
insert into reimbursement.credit_rules values ('US01', 'prepayment', false, 0), ('US01', 'direct_debit', true, 56);
create function pg_temp.typed(customer_account text, transaction_type text, amount numeric default 50) returns void
language sql
as $$
    insert into reimbursement.customer_transactions
        (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
    values ('US01', typed.customer_account, typed.transaction_type, typed.transaction_type, '2025-06-01', 'USD', -typed.amount)
$$;

-- Everything at once.
select test.customer('ALL', vendor_account => 'V-HELD', on_hold_from => '2025-06-01', on_hold_to => '2025-12-31');
select test.credit('ALL', 1, voucher => 'CN-1');
select test.credit('ALL', 2, voucher => 'CN-2', marked_for => 'SETTLE-1');
select test.credit('ALL', 3, 'CHF', accounting_amount => 3, voucher => 'CN-CHF');
select test.credit('ALL', 500, voucher => 'CN-HELD');
update reimbursement.customer_transactions set held_until = '2025-07-31', hold_reason = 'disputed' where voucher = 'CN-HELD';
select pg_temp.typed('ALL', 'prepayment');
select pg_temp.typed('ALL', 'direct_debit');
select test.debit('ALL', 10000, voucher => 'INV-1');
select reimbursement.settle_transactions(
    'US01', test.debit('ALL', 1, voucher => 'INV-2'), test.credit('ALL', 2, voucher => 'CN-LATER'), 1, '2025-07-01');
create temporary table all_reasons as
select e.*, row_number() over () as place from reimbursement.explain_customer('US01', 'ALL', '2025-06-30') as e;
select results_eq(
    'select reason, is_first from all_reasons order by place',
    $$ values
        ('on_hold', true), ('pending_settlement', false), ('credits_held', false), ('open_debits', false),
        ('later_activity', false), ('no_exchange_rate', false), ('vendor_on_hold', false) $$,
    'every reason, in the order of the table; the first is said to be');
create function pg_temp.found(reason text) returns jsonb
language sql
as $$
    select r.found from all_reasons as r where r.reason = found.reason
$$;
select is(
    pg_temp.found('on_hold') #- '{0,transfer_date}',
    '[{"on_hold_from": "2025-06-01", "on_hold_to": "2025-12-31", "posting_date": "2025-06-30"}]', 'the hold');
select is(
    pg_temp.found('pending_settlement'),
    '[{"voucher": "CN-2", "transaction_type": "credit_note", "currency": "USD", "open_amount": -2.00, "marked_for": "SETTLE-1"}]',
    'what is marked, and for what');
select results_eq(
    $$ select r ->> 'voucher', r ->> 'open_amount', r ->> 'waits_for', r ->> 'held_until', r ->> 'hold_reason',
        r ->> 'cooling_until'
    from jsonb_array_elements(pg_temp.found('credits_held')) as r $$,
    $$ values
        ('CN-HELD', '500.00', '["held"]', '2025-07-31', 'disputed', null),
        ('prepayment', '50.00', '["not_refundable"]', null, null, null),
        ('direct_debit', '50.00', '["cooling"]', null, null, '2025-07-27') $$,
    'each credit that waits, for what and until when');
select is(
    pg_temp.found('open_debits'),
    '[{"voucher": "INV-1", "transaction_type": "invoice", "transaction_date": "2025-05-01", "currency": "USD", "open_amount": 10000.00}]',
    'what he owes');
select is(
    pg_temp.found('later_activity'),
    '[{"voucher": "CN-LATER", "currency": "USD", "open_amount": -1.00, "last_settled_on": "2025-07-01"}]',
    'what was settled later');
select is(
    pg_temp.found('no_exchange_rate'),
    '[{"currency": "CHF", "posting_date": "2025-06-30", "latest_rate_of": null, "max_rate_age_days": null}]',
    'the rate that is missing');
select is(pg_temp.found('vendor_on_hold'), '[{"vendor_account": "V-HELD", "hold": "all"}]', 'and the vendor');
select is_empty('select from all_reasons where length(remedy) < 20', 'each says what would change it');

-- One by one.
select test.credit('GOOD', 20, voucher => 'CN-G', dimensions => '{"Department": "022"}');
select test.credit('GOOD', 5, 'EUR');
select results_eq(
    $$ select * from reimbursement.explain_customer('US01', 'GOOD', '2025-06-30') $$,
    $$ values (null::text, true, '[
        {"currency": "EUR", "dimensions": null, "amount": 5.00, "accounting_amount": 10.00, "netted_amount": 0,
            "credits": 1, "vendor_account": null, "new_vendor": true},
        {"currency": "USD", "dimensions": null, "amount": 20.00, "accounting_amount": 20.00, "netted_amount": 0,
            "credits": 1, "vendor_account": null, "new_vendor": true}]'::jsonb, null::text) $$,
    'whom nothing holds up has one row without a reason, which says what would be reimbursed');
select is(
    (select e.found -> 1 -> 'dimensions' from reimbursement.explain_customer('US01', 'GOOD', '2025-06-30', summarize_customer => false) as e),
    '{"Department": "022"}', 'by the choices of the run');
select test.credit('GOOD', 7, transaction_date => '2025-07-01', voucher => 'CN-TO-COME');
select is(
    (select e.remedy from reimbursement.explain_customer('US01', 'GOOD', '2025-06-30') as e),
    'Credits dated after 2025-06-30, which wait for a later cut-off: CN-TO-COME.', 'and what is left for another');
select test.credit('PARTLY', 20);
select pg_temp.typed('PARTLY', 'prepayment', 70);
select results_eq(
    $$ select reason, is_first, found -> 0 ->> 'amount', found -> 0 ->> 'open_amount',
        remedy like '%His other credits are not held up.'
    from reimbursement.explain_customer('US01', 'PARTLY', '2025-06-30') $$,
    $$ values (null, true, '20.00', null, null::boolean), ('credits_held', false, null, '70.00', true) $$,
    'of whom some credits wait, both: what is reimbursed, and what is not');
create function pg_temp.reasons(customer_account text, choices text default '') returns text
language plpgsql
as $$
declare
    v_reasons text;
begin
    execute format(
        'select string_agg(coalesce(reason, ''none'') || case when is_first then ''!'' else '''' end, '' '')
        from reimbursement.explain_customer(''US01'', %L, ''2025-06-30''%s)', reasons.customer_account, reasons.choices)
    into v_reasons;
    return v_reasons;
end
$$;
select test.debit('OWES', 20);
select test.credit('NETTED', 20);
select test.debit('NETTED', 30);
select test.credit('SMALL', 9.99);
select test.customer('DANGLING', vendor_account => 'V-NONE', customer_group => '30');
select test.credit('DANGLING', 20);
select test.customer('ONE', vendor_account => 'OTV-FREE');
select test.customer('TWO', vendor_account => 'OTV-FREE');
select test.credit('ONE', 20);
select test.credit('SETTLED', 20, settled_amount => 20);
select is(pg_temp.reasons(c.customer_account, c.choices), c.reasons, format('%s%s: %s', c.customer_account, c.choices, c.reasons))
from (
    values
    ('OWES', '', 'no_open_credit open_debits'), ('SETTLED', '', 'no_open_credit'),
    ('NETTED', '', 'open_debits!'), ('NETTED', ', include_open_debits => true', 'none!'),
    ('NETTED', ', include_open_debits => true, net_open_debits => true', 'no_net_credit! below_minimum'),
    ('SMALL', '', 'below_minimum!'), ('DANGLING', '', 'vendor_missing!'), ('ONE', '', 'vendor_of_other_customer!'),
    ('GOOD', ', customer_filter => ''S*''', 'not_named_by_filter'),
    ('GOOD', ', customer_group_filter => ''30''', 'not_named_by_filter'),
    ('DANGLING', ', customer_group_filter => ''30''', 'vendor_missing!'),
    ('GOOD', ', currency => ''CHF''', 'no_open_credit'), ('GOOD', ', credits_through => ''2025-04-30''', 'no_open_credit'),
    ('PARTLY', ', credits_through => ''2025-05-31''', 'none!'), ('ALL', ', currency => ''CHF''', 'on_hold! open_debits no_exchange_rate vendor_on_hold')
) as c (customer_account, choices, reasons);
select is(
    (select e.found from reimbursement.explain_customer('US01', 'SMALL', '2025-06-30') as e),
    '[{"worth": 9.99, "minimum_reimbursement": 10, "accounting_currency": "USD"}]', 'what he is worth, and the minimum');
select is(
    (select e.found from reimbursement.explain_customer('US01', 'ONE', '2025-06-30') as e),
    '[{"vendor_account": "OTV-FREE", "named_by_too": "TWO"}]', 'who else names the vendor');

select test.customer('FROM-TODAY', on_hold_from => reimbursement.legal_entity_today('US01'));
select test.credit('FROM-TODAY', 20);
select is(pg_temp.reasons('FROM-TODAY'), 'on_hold!', 'a hold of the day of the transfer');
select test.vendor('OTV-SPARE', is_one_time => true);
select test.customer('HAS-ONE', vendor_account => 'OTV-SPARE');
select test.vendor('OTV-HAS', is_one_time => true, customer_account => 'HAS-ONE');
select test.credit('HAS-ONE', 20);
select results_eq(
    $$ select reason, is_first, found from reimbursement.explain_customer('US01', 'HAS-ONE', '2025-06-30') $$,
    $$ values ('vendor_of_other_customer', true, '[{"has_already": "OTV-HAS", "vendor_account": "OTV-SPARE"}]'::jsonb) $$,
    'a second one-time vendor');
-- Two debits, of which netting reaches the first alone; one of them was settled later.
create function pg_temp.nets(customer_account text, is_first_later boolean) returns text
language plpgsql
as $$
declare
    v_first constant bigint := test.debit(nets.customer_account, 11, due_date => '2025-05-01', voucher => 'D-1');
    v_second constant bigint := test.debit(nets.customer_account, 30, due_date => '2025-05-02', voucher => 'D-2');
begin
    perform reimbursement.settle_transactions(
        'US01', case when nets.is_first_later then v_first else v_second end,
        test.credit(nets.customer_account, 1, transaction_date => '2025-07-01'), 1, '2025-07-01');
    perform test.credit(nets.customer_account, 10);
    return pg_temp.reasons(nets.customer_account, ', include_open_debits => true, net_open_debits => true');
end
$$;
select is(
    pg_temp.nets('REACHED', true), 'no_net_credit! later_activity below_minimum', 'later activity of a debit that netting reaches');
select is(
    pg_temp.nets('NOT-REACHED', false), 'no_net_credit! below_minimum', 'and none of one that it does not');
select is(
    (
        select e.found ->> 'open_amount' from (
            select jsonb_array_elements(x.found) as found
            from reimbursement.explain_customer(
                'US01', 'REACHED', '2025-06-30', include_open_debits => true, net_open_debits => true) as x
            where x.reason = 'later_activity'
        ) as e
    ), '10.00', 'with what is open of it');

-- Who may ask, and what is refused.
select test.person(d, array[d]) from unnest(array['clerk', 'approver', 'auditor', 'payer', 'master']) as d;
create function pg_temp.asked(person text) returns text
language plpgsql
as $$
begin
    perform test.as_person(asked.person, $q$select * from reimbursement.explain_customer('US01', 'GOOD', '2025-06-30')$q$);
    return 'told';
exception
    when others then return sqlstate;
end
$$;
select is(
    (select string_agg(p || ' ' || pg_temp.asked(p), ', ' order by p) from unnest(array['clerk', 'approver', 'auditor', 'payer', 'master']) as p),
    'approver told, auditor told, clerk told, master 42501, payer 42501', 'who previews may ask, and an auditor');
select throws_like(
    $$ select * from reimbursement.explain_customer('US01', 'NOBODY') $$, 'legal entity "US01" has no customer "NOBODY"',
    'an unknown customer');
select throws_ok(format('select * from reimbursement.explain_customer(%s)', a.arguments), a.code, null, a.arguments)
from (
    values
    ($$'US01', 'good'$$, 'RB061'), ($$'US01', null$$, 'RB006'), ($$'XX', 'GOOD'$$, 'RB001'),
    ($$'US01', 'GOOD', '2023-06-30'$$, 'RB003'), ($$'US01', 'GOOD', net_open_debits => true$$, 'RB007')
) as a (arguments, code);
set default_transaction_read_only = on;
select isnt_empty(
    $$ select * from reimbursement.explain_customer('US01', 'ALL', '2025-06-30') $$, 'it works in a read-only transaction');
set default_transaction_read_only = off;

-- A company with every combination of what can hold a customer up: the first reason is the preview's, by all choices.
select setseed(0.2025);
select test.company(minimum_reimbursement => 10, legal_entity_id => 'RAND');
insert into reimbursement.exchange_rates (legal_entity_id, currency, valid_from, rate) values ('RAND', 'EUR', '2025-01-01', 2);
insert into reimbursement.credit_rules values ('RAND', 'prepayment', false, 0), ('RAND', 'direct_debit', true, 56);
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, hold, is_one_time)
values
('RAND', 'V-1', 'V', 'none', false), ('RAND', 'V-INVOICE', 'V', 'invoice', false), ('RAND', 'V-PAYMENT', 'V', 'payment', false),
('RAND', 'OTV-FREE', 'V', 'none', true);
create temporary table dice as
select
    format('C%s', to_char(i, 'FM0000')) as customer_account,
    array(select random() + 0 * i from generate_series(1, 8)) as d
from generate_series(1, 500) as i;
insert into reimbursement.customers (legal_entity_id, customer_account, name, vendor_account, on_hold_from, on_hold_to)
select
    'RAND', x.customer_account, 'C',
    (array['V-1', 'V-INVOICE', 'V-PAYMENT', 'OTV-FREE', 'V-NONE', '', null, null, null, null, null, null])[1 + floor(x.d[1] * 12)],
    case when x.d[2] < 0.1 then date '2025-06-20' + floor(x.d[3] * 20)::int end,
    case when x.d[2] < 0.1 then date '2025-06-20' + floor(x.d[3] * 20)::int + floor(x.d[4] * 10)::int end
from dice as x;
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, is_one_time, customer_account)
select 'RAND', 'OTV-' || x.customer_account, 'V', true, x.customer_account from dice as x where x.d[8] < 0.1;
insert into reimbursement.customer_transactions (
    legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
    accounting_amount, marked_for, held_until
)
select
    'RAND', r.customer_account, (array['credit_note', 'payment', 'prepayment', 'direct_debit'])[1 + floor(r.a * 4)], 'CN',
    date '2025-04-20' + floor(r.b * 80)::int, date '2025-04-20' + floor(r.c * 120)::int,
    (array['USD', 'USD', 'EUR', 'CHF'])[1 + floor(r.c * 4)], r.sign * (1 + floor(r.e * 20)), r.sign,
    case when r.f < 0.02 then 'M' end, case when r.g < 0.3 then date '2025-06-20' + floor(r.g * 60)::int end
from (
    select
        x.customer_account, k.sign, random() as a, random() as b, random() as c, random() as e, random() as f, random() as g
    from dice as x
    cross join (values (-1), (-1), (-1), (1), (1)) as k (sign)
    where random() < case when k.sign < 0 then 0.6 else 0.2 end
) as r;
select reimbursement.settle_transactions('RAND', d.id, c.id, 1, date '2025-06-25' + (d.id % 12)::int)
from (
    select distinct on (t.customer_account) t.customer_account, t.currency, t.customer_transaction_id as id
    from reimbursement.customer_transactions as t
    where t.legal_entity_id = 'RAND' and t.amount > 1 and t.marked_for is null and t.transaction_date < '2025-06-20'
) as d
inner join lateral (
    select t.customer_transaction_id as id
    from reimbursement.customer_transactions as t
    where t.legal_entity_id = 'RAND' and t.customer_account = d.customer_account and t.currency = d.currency
        and t.amount < -1 and t.marked_for is null and t.transaction_date < '2025-06-20'
    limit 1
) as c on true;
create temporary table choices (choice int, include boolean, net boolean, currency text, credits_through date);
insert into choices
values
(1, false, false, null, null), (2, true, false, null, '2025-05-31'), (3, true, true, null, null),
(4, true, true, 'USD', null), (5, true, true, 'EUR', '2025-06-15');
create temporary table previewed as
select h.choice, x.customer_account, max(x.skip_reason) as skip_reason
from choices as h
cross join lateral reimbursement.preview_reimbursement(
    'RAND', '2025-06-30', true, h.include, h.net, null, null, h.currency, h.credits_through) as x
group by h.choice, x.customer_account;
create temporary table compared as
select
    h.*, c.customer_account, p.customer_account is not null as is_previewed, p.skip_reason, e.first_reason, e.firsts,
    e.reasons
from choices as h
cross join reimbursement.customers as c
left join previewed as p on p.choice = h.choice and p.customer_account = c.customer_account
cross join lateral (
    select
        max(x.reason) filter (where x.is_first) as first_reason, count(*) filter (where x.is_first) as firsts,
        array_agg(x.reason) as reasons
    from reimbursement.explain_customer(
        'RAND', c.customer_account, '2025-06-30', true, h.include, h.net, null, null, h.currency, h.credits_through) as x
) as e
where c.legal_entity_id = 'RAND' and right(c.customer_account, 1) in ('0', '3', '5', '8');
select is_empty(
    'select * from compared where is_previewed and (first_reason is distinct from skip_reason or firsts <> 1)',
    'the first reason is the preview''s, of everyone');
select is_empty(
    $$ select * from compared where not is_previewed and (firsts <> 0 or reasons[1] <> 'no_open_credit') $$,
    'who is not reported has no first reason, and no credit');
select is_empty(
    $$ select * from compared where skip_reason is null and is_previewed and (reasons[1] is not null or reasons[2:] <> '{}' and reasons[2:] <> '{credits_held}') $$,
    'who is reimbursed has no reason but that some of his credits wait');
select set_has(
    'select distinct skip_reason from compared where is_previewed',
    $$ values ('on_hold'), ('pending_settlement'), ('credits_held'), ('open_debits'), ('no_net_credit'), ('later_activity'),
        ('no_exchange_rate'), ('below_minimum'), ('vendor_missing'), ('vendor_on_hold'), ('vendor_of_other_customer'), (null) $$,
    'every reason was among them');

select * from finish();
