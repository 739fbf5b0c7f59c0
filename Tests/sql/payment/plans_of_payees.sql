-- What is looked up of one payee hangs on him, with every limit set and after a payment that came back, whatever the
-- planner knew of the tables when the session planned its statements. What is measured is rows read, not time.
select plan(16);

select test.no_autovacuum();
select test.company(), test.bank_account();
-- Each vendor has an account of his own, which nothing checks where he is paid by check.
create function test.payees(first int, last int) returns void
language plpgsql
as $$
begin
    perform test.invoices(payees.first, payees.last);
    set local session_replication_role = replica;
    update reimbursement.vendors as v set iban = 'X' || v.vendor_account, method_of_payment = 'CHECK'
    where v.iban not like 'X%';
    set local session_replication_role = origin;
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
    select 'US01', 'C' || to_char(i, 'FM0000'), 'invoice', 'OWED', '2025-05-01', 'USD', 5
    from generate_series(payees.first, payees.last) as i;
end
$$;
select test.payees(1, 30);
update reimbursement.legal_entities
set recheck_open_debits = true, shared_iban_maximum = 3, maximum_payment = 1000000;

-- The vendor owes more than before: released, paid, taken back, released and paid again. Says how many rows the last
-- release and the last payment read.
create function test.rows_to_release(vendor_filter text) returns bigint
language plpgsql
as $$
declare
    v_invoice text;
    v_payment text;
    v_released bigint;
begin
    select t.invoice_number into v_invoice from reimbursement.vendor_transactions as t
    where t.vendor_account = rows_to_release.vendor_filter and t.transaction_type = 'invoice';
    perform reimbursement.release_invoice('US01', v_invoice, 'as agreed');
    perform test.pay(vendor_filter => rows_to_release.vendor_filter);
    select p.payment_number into strict v_payment from reimbursement.payments as p
    where p.vendor_account = rows_to_release.vendor_filter;
    perform test.reverse_payments(array[v_payment], return_code => 'AC04');
    v_released := test.rows_read_by(
        format('select reimbursement.release_invoice(%L, %L, %L)', 'US01', v_invoice, 'yes'));
    return v_released + test.rows_read_by_run(reimbursement.enqueue_vendor_payment(
        'US01', '2025-07-20', vendor_filter => rows_to_release.vendor_filter));
end
$$;
-- How many rows it reads to explain the vendor's invoice, which is held.
create function test.rows_to_explain(vendor_account text) returns bigint
language sql
as $$
    select test.rows_read_by(format(
        'select * from reimbursement.explain_invoice(%L, %L, %L)', 'US01', t.invoice_number, '2025-07-15'))
    from reimbursement.vendor_transactions as t
    where t.vendor_account = rows_to_explain.vendor_account and t.transaction_type = 'invoice'
$$;
-- How many rows it reads to hold him in a run, for what he owes.
create function test.rows_to_hold(vendor_filter text) returns bigint
language sql
as $$
    select test.rows_read_by_run(reimbursement.enqueue_vendor_payment(
        'US01', '2025-07-15', vendor_filter => rows_to_hold.vendor_filter))
$$;

-- A session plans its statements at its first payment, so its second one is measured.
select test.open_other_session('never analyzed');
select test.measured($$ test.rows_to_release('V0001') + test.rows_to_explain('V0002') + test.rows_to_hold('V0002') $$,
    'never analyzed');
select
    test.measured($$ test.rows_to_release('V0003') $$, 'never analyzed') as release,
    test.measured($$ test.rows_to_explain('V0004') $$, 'never analyzed') as explain,
    test.measured($$ test.rows_to_hold('V0004') $$, 'never analyzed') as hold \gset
select cmp_ok(:release::bigint, '<', 300::bigint, 'a payee who is released, in small books');
select cmp_ok(:explain::bigint, '<', 150::bigint, 'explained');
select cmp_ok(:hold::bigint, '<', 150::bigint, 'and held');
select is(
    (select array_agg(distinct s.skip_reason) from reimbursement.skipped_invoices as s), array['customer_owes'],
    'for what his customer owes');
analyze;
select test.open_other_session('few rows');
select test.measured($$ test.rows_to_release('V0005') + test.rows_to_explain('V0006') + test.rows_to_hold('V0006') $$,
    'few rows');

-- Thousands come, and hundreds of them share an account.
select test.payees(1001, 4000);
set session_replication_role = replica;
update reimbursement.vendors set iban = 'SHARED' where vendor_account between 'V2001' and 'V2900';
reset session_replication_role;
create function pg_temp.compare(session text, first int, knowledge text, release bigint, explain bigint, hold bigint)
returns setof text
language plpgsql
as $$
begin
    return next cmp_ok(
        test.measured(format('test.rows_to_release(%L)', to_char(compare.first, '"V"FM0000')), compare.session), '<',
        compare.release + 40, 'a payee among thousands is released and paid, ' || compare.knowledge);
    return next cmp_ok(
        test.measured(
            format('test.rows_to_explain(%L)', to_char(compare.first + 1, '"V"FM0000')), compare.session), '<',
        compare.explain + 20, 'explained, ' || compare.knowledge);
    return next cmp_ok(
        test.measured(format('test.rows_to_hold(%L)', to_char(compare.first + 1, '"V"FM0000')), compare.session), '<',
        compare.hold + 20, 'and held, ' || compare.knowledge);
end
$$;
select pg_temp.compare('few rows', 7, 'as it was planned for a few rows', :release, :explain, :hold);
select pg_temp.compare('never analyzed', 9, 'as it was planned for tables never analyzed', :release, :explain, :hold);
select test.forget_statistics();
select test.open_other_session('forgotten');
select test.measured($$ test.rows_to_release('V0011') + test.rows_to_explain('V0012') + test.rows_to_hold('V0012') $$,
    'forgotten');
select pg_temp.compare('forgotten', 13, 'on tables never analyzed', :release, :explain, :hold);
analyze;
select test.open_other_session('analyzed');
select test.measured($$ test.rows_to_release('V0015') + test.rows_to_explain('V0016') + test.rows_to_hold('V0016') $$,
    'analyzed');
select pg_temp.compare('analyzed', 17, 'on tables analyzed', :release, :explain, :hold);

select test.require_right_books();

select * from finish();
