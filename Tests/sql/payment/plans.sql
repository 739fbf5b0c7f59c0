-- What the payment of one vendor reads hangs on that vendor, not on the books: whatever the planner knew of the tables
-- when the session planned its statements. What is measured is rows read, not time.

select plan(14);
select test.no_autovacuum();
select test.company(), test.bank_account();
select test.invoices(1, 20);

-- Pays one vendor, and says how many rows that read.
create function test.rows_to_pay(vendor_filter text, maximum_total numeric default null) returns bigint
language sql
as $$
    select test.rows_read_by_run(reimbursement.enqueue_vendor_payment(
        'US01', '2025-07-15', vendor_filter => rows_to_pay.vendor_filter,
        maximum_total => rows_to_pay.maximum_total))
$$;

-- Says how many rows the preview of a vendor's payment reads.
create function test.rows_to_preview(vendor_filter text) returns bigint
language sql
as $$
    select test.rows_read_by(format(
        'select * from reimbursement.preview_vendor_payment(%L, %L, vendor_filter => %L)', 'US01', '2025-07-15',
        rows_to_preview.vendor_filter))
$$;

-- A session plans its statements at its first payment, so its second one is measured.
select test.open_other_session('never analyzed');
select test.measured($$ test.rows_to_pay('V0001') $$, 'never analyzed');
select test.measured($$ test.rows_to_pay('V0002') $$, 'never analyzed') as small \gset
select cmp_ok(:small::bigint, '<', 150::bigint, 'a payment of one vendor in small books, on tables never analyzed');
analyze;
select test.open_other_session('few rows');
select test.measured($$ test.rows_to_pay('V0003', 1000) + test.rows_to_preview('V0004') $$, 'few rows');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0004') $$, 'few rows'), '<', 150::bigint, 'and on a few rows, analyzed');

-- Thousands come, and half of them are paid.
select test.invoices(1001, 4000);
select test.pay(vendor_filter => 'V1001..V2500');
select test.invoices(1001, 2500);
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0005') $$, 'few rows'), '<', :small::bigint + 20,
    'a payment of one vendor among thousands, as it was planned for a few rows');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0006*') $$, 'few rows'), '<', :small::bigint + 20,
    'and named by the beginning of his account');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0007', 1000) $$, 'few rows'), '<', :small::bigint + 20,
    'and with a maximum');
select cmp_ok(
    test.measured($$ test.rows_to_preview('V0008') $$, 'few rows'), '<', :small::bigint + 20, 'and his preview');
select test.open_other_session('later');
select test.measured($$ test.rows_to_pay('V0009') $$, 'later');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0010') $$, 'later'), '<', :small::bigint + 20,
    'as it is planned now, when the few rows are all that is known');
select test.forget_statistics();
select test.open_other_session('forgotten');
select test.measured($$ test.rows_to_pay('V0011') $$, 'forgotten');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0012') $$, 'forgotten'), '<', :small::bigint + 20,
    'and on tables never analyzed');
select test.measured($$ test.rows_to_pay('V0018') $$, 'never analyzed');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0013') $$, 'never analyzed'), '<', :small::bigint + 20,
    'and by the session that has been there from the start');
analyze;
select test.open_other_session('analyzed');
select test.measured($$ test.rows_to_pay('V0014') $$, 'analyzed');
select cmp_ok(
    test.measured($$ test.rows_to_pay('V0015') $$, 'analyzed'), '<', :small::bigint + 20, 'and on tables analyzed');

-- Work tables are made once a session.
select count(*) as relations from pg_class \gset
select test.measured($$ test.pay(vendor_filter => 'V0016') $$, 'analyzed');
select is((select count(*) from pg_class), :relations::bigint, 'another payment in a session makes no table');

select test.open_other_session('mine');
select test.in_other_session('create temporary table selected_invoices as select 7 as note', 'mine');
select throws_ok(
    $$ select test.measured('test.pay(vendor_filter => ''V0017'')', 'mine') $$, 'RB031', null,
    'a session''s own table of a work table''s name is refused');
select is(test.measured('note from selected_invoices', 'mine'), 7::bigint, 'and is not touched');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
