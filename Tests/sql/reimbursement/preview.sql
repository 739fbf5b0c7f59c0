-- The preview shows what the run then does, and writes nothing.
select plan(19);

-- The same books in a company for each set of choices.
create function pg_temp.books(legal_entity_id text) returns void
language plpgsql
as $$
declare
    c_id constant text := legal_entity_id;
    c_010 constant jsonb := '{"Department": "010"}';
begin
    perform test.company(minimum_reimbursement => 10, legal_entity_id => c_id);
    perform test.rate('EUR', 1.1, '2025-01-01', legal_entity_id => c_id);
    perform test.rate('EUR', 1.237, '2025-06-01', legal_entity_id => c_id);
    perform test.vendor('V-1', legal_entity_id => c_id);
    perform test.vendor('V-HELD', hold => 'all', legal_entity_id => c_id);
    perform test.customer('ANN', vendor_account => 'V-1', legal_entity_id => c_id);
    perform test.credit('ANN', 33.33, 'EUR', dimensions => c_010, legal_entity_id => c_id);
    perform test.credit('ANN', 33.34, 'EUR', legal_entity_id => c_id);
    perform test.credit('ANN', 7, receivable_account => '130200', legal_entity_id => c_id);
    perform test.credit('ANN', 8, legal_entity_id => c_id);
    perform test.credit('BOB', 100, transaction_date => '2025-06-10', settled_amount => 25, legal_entity_id => c_id);
    perform test.credit('BOB', 50, legal_entity_id => c_id);
    perform test.debit('BOB', 60, legal_entity_id => c_id);
    perform test.debit('BOB', 60, 'EUR', accounting_amount => 1, legal_entity_id => c_id);
    perform test.credit('CAT', 40, legal_entity_id => c_id);
    perform test.debit('CAT', 50, dimensions => c_010, legal_entity_id => c_id);
    perform test.credit('DAN', 9.99, legal_entity_id => c_id);
    perform test.customer('EVE', vendor_account => 'V-HELD', legal_entity_id => c_id);
    perform test.credit('EVE', 20, legal_entity_id => c_id);
    perform test.credit('FAY', 20, 'CHF', accounting_amount => 20, legal_entity_id => c_id);
    perform test.credit('GUS', 20, marked_for => 'payment proposal', legal_entity_id => c_id);
    perform test.debit('HAL', 20, legal_entity_id => c_id);
end
$$;

-- What the run of a company did, as a preview puts it.
create function pg_temp.done(legal_entity_id text)
returns table (
    customer_account text, currency text, dimensions jsonb, amount numeric, accounting_amount numeric,
    new_vendor boolean, skip_reason text
)
language sql
as $$
    select r.customer_account, r.currency, r.dimensions, r.amount, r.accounting_amount, r.is_one_time_vendor, null
    from reimbursement.reimbursement_report as r
    where r.legal_entity_id = done.legal_entity_id
    union all
    select s.customer_account, null, null, null, s.credit_amount, false, s.skip_reason
    from reimbursement.skipped_customers as s
    where s.legal_entity_id = done.legal_entity_id
$$;

create temporary table choices (
    legal_entity_id text primary key, summarize_customer boolean, include_open_debits boolean,
    net_open_debits boolean, currency text, credits_through date, customer_filter text
);
insert into choices
values
('PLAIN', true, false, false, null, null, null),
('APART', false, false, false, null, null, null),
('GROSS', true, true, false, null, null, null),
('NET', true, true, true, null, null, null),
('NET-APART', false, true, true, 'USD', '2025-05-31', null),
('CUT', true, true, false, 'EUR', '2025-05-31', '!BOB');
select pg_temp.books(c.legal_entity_id) from choices as c;

create temporary table previews as
select c.legal_entity_id, p.*
from choices as c
cross join lateral reimbursement.preview_reimbursement(
    c.legal_entity_id, '2025-06-30', c.summarize_customer, c.include_open_debits, c.net_open_debits,
    c.customer_filter, null, c.currency, c.credits_through
) as p;

select test.reimburse(
    '2025-06-30', c.summarize_customer, c.include_open_debits, c.net_open_debits, c.customer_filter, null, c.currency,
    c.credits_through, legal_entity_id => c.legal_entity_id)
from choices as c;

select bag_eq(
    format(
        'select customer_account, currency, dimensions, amount, accounting_amount, new_vendor, skip_reason
        from previews where legal_entity_id = %L', c.legal_entity_id),
    format('select * from pg_temp.done(%L)', c.legal_entity_id),
    format('the run does what its preview showed: %s', c.legal_entity_id))
from choices as c;
select is(
    (select count(*) from previews as p where p.legal_entity_id = c.legal_entity_id and p.skip_reason is null),
    c.reimbursements, format('which is something: %s', c.legal_entity_id))
from (values ('PLAIN', 2::bigint), ('APART', 4), ('GROSS', 4), ('NET', 3), ('NET-APART', 2), ('CUT', 1))
    as c (legal_entity_id, reimbursements);

select results_eq(
    $$ select customer_account, amount, netted_amount, vendor_account, new_vendor from previews
    where legal_entity_id = 'NET' and skip_reason is null order by customer_account, currency $$,
    $$ values
        ('ANN', 66.67, 0.00, 'V-1', false), ('ANN', 15.00, 0.00, 'V-1', false), ('BOB', 65.00, 60.00, null, true) $$,
    'it shows what is netted before, and which vendor there will be');

-- It asks, and does nothing.
select pg_temp.books('ASKED');
create function pg_temp.books() returns setof text
language sql
as $$
    select row(t.*)::text from reimbursement.customer_transactions as t
    union all
    select row(q.*)::text from reimbursement.number_sequences as q
    union all
    select row(v.*)::text from reimbursement.vendors as v
    union all
    select row(c.*)::text from reimbursement.customers as c
    union all
    select row(j.*)::text from reimbursement.jobs as j
$$;
create temporary table books_before as
select b.line from pg_temp.books() as b (line);
set default_transaction_read_only = on;
select is(
    (
        select count(*) from reimbursement.preview_reimbursement(
            'ASKED', '2025-06-30', include_open_debits => true, net_open_debits => true)
    ),
    8::bigint, 'a preview works in a read-only transaction');
set default_transaction_read_only = off;
select bag_eq('select * from pg_temp.books()', 'select line from books_before', 'and changes nothing');

select throws_ok(
    format('select * from reimbursement.preview_reimbursement(%s)', a.arguments), a.code, null,
    format('it refuses what a run refuses: %s', a.arguments))
from (
    values
    ($$'NOWHERE'$$, 'RB001'), ($$'ASKED', '2030-01-01'$$, 'RB003'),
    ($$'ASKED', '2025-06-30', net_open_debits => true$$, 'RB007')
) as a (arguments, code);

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
