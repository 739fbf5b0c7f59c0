-- What a reversal reads hangs on what it reverses, not on the books: whatever the planner knew of the tables when the
-- session planned its statements. What is measured is rows read, not time.

select plan(17);
select test.no_autovacuum();
select test.company(), test.bank_account();
select test.invoices(1, 20);
select test.pay(vendor_filter => 'V0001..V0010');

-- Reverses a reimbursement, by its number, and says how many rows that read.
create function test.rows_to_reverse(reimbursement_number text) returns bigint
language sql
as $$
    select test.rows_read_by_run(reimbursement.enqueue_reversal(
        'US01', 'why', array[rows_to_reverse.reimbursement_number], posting_date => '2025-07-31'))
$$;

-- Enqueues that, and leaves it.
create function test.rows_to_enqueue(reimbursement_number text) returns bigint
language sql
as $$
    select test.rows_read_by(format(
        'select reimbursement.enqueue_reversal(%L, %L, array[%L], posting_date => %L)', 'US01', 'why',
        rows_to_enqueue.reimbursement_number, '2025-07-31'))
$$;

-- Reverses a payment, likewise.
create function test.rows_to_reverse_payment(payment_number text) returns bigint
language sql
as $$
    select test.rows_read_by_run(reimbursement.enqueue_payment_reversal(
        'US01', 'why', array[rows_to_reverse_payment.payment_number], posting_date => '2025-07-31',
        return_code => 'AC04'))
$$;

-- Reimburses one customer, who also owes something, and then reverses that run.
create function test.rows_to_reverse_run(customer_account text) returns bigint
language plpgsql
as $$
begin
    perform test.credit(rows_to_reverse_run.customer_account, 10);
    perform test.debit(rows_to_reverse_run.customer_account, 4);
    return test.rows_read_by_run(reimbursement.enqueue_reversal(
        'US01', 'why',
        run_id => test.reimburse(
            customer_filter => rows_to_reverse_run.customer_account, include_open_debits => true,
            net_open_debits => true),
        posting_date => '2025-07-31'));
end
$$;

-- A session plans its statements at its first reversal, so its second one is measured.
select test.open_other_session('small');
select test.measured($$ test.rows_to_reverse('RMB-00000011') $$, 'small'),
    test.measured($$ test.rows_to_reverse_payment('PAY-00000001') $$, 'small'),
    test.measured($$ test.rows_to_reverse_run('NEW1') $$, 'small');
select test.measured($$ test.rows_to_reverse('RMB-00000012') $$, 'small') as small,
    test.measured($$ test.rows_to_reverse_payment('PAY-00000002') $$, 'small') as small_payment,
    test.measured($$ test.rows_to_reverse_run('NEW2') $$, 'small') as small_run \gset
select cmp_ok(:small::bigint, '<', 150::bigint, 'a reversal of one reimbursement in small books, never analyzed');
select cmp_ok(:small_payment::bigint, '<', 150::bigint, 'and of one payment');
select cmp_ok(:small_run::bigint, '<', 150::bigint, 'and of a run of one customer');
analyze;
select test.open_other_session('few rows');
select test.measured($$ test.rows_to_reverse('RMB-00000013') $$, 'few rows'),
    test.measured($$ test.rows_to_reverse_payment('PAY-00000003') $$, 'few rows'),
    test.measured($$ test.rows_to_reverse_run('NEW3') $$, 'few rows');

-- Thousands come, and half of them are paid.
select test.invoices(1001, 4000);
select test.pay(vendor_filter => 'V1001..V2500');
select cmp_ok(
    test.measured($$ test.rows_to_reverse('RMB-00000014') $$, 'few rows'), '<', :small::bigint + 20,
    'a reversal of one reimbursement among thousands, as it was planned for a few rows');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_payment('PAY-00000004') $$, 'few rows'), '<', :small_payment::bigint + 20,
    'and of one payment');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_run('NEW4') $$, 'few rows'), '<', :small_run::bigint + 20,
    'and of a run of one customer');
select cmp_ok(
    test.measured($$ test.rows_to_enqueue('RMB-00000015') $$, 'few rows'), '<', 150::bigint,
    'and what it takes to enqueue one');
select test.work_off();
select test.open_other_session('later');
select test.measured($$ test.rows_to_reverse('RMB-00000016') $$, 'later'),
    test.measured($$ test.rows_to_reverse_payment('PAY-00000005') $$, 'later'),
    test.measured($$ test.rows_to_reverse_run('NEW5') $$, 'later');
select cmp_ok(
    test.measured($$ test.rows_to_reverse('RMB-00000017') $$, 'later'), '<', :small::bigint + 20,
    'as it is planned now, when the few rows are all that is known');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_payment('PAY-00000006') $$, 'later'), '<', :small_payment::bigint + 20,
    'and of one payment');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_run('NEW6') $$, 'later'), '<', :small_run::bigint + 20,
    'and of a run of one customer');
select test.forget_statistics();
select test.open_other_session('forgotten');
select test.measured($$ test.rows_to_reverse('RMB-00000018') $$, 'forgotten'),
    test.measured($$ test.rows_to_reverse_payment('PAY-00000007') $$, 'forgotten'),
    test.measured($$ test.rows_to_reverse_run('NEW7') $$, 'forgotten');
select cmp_ok(
    test.measured($$ test.rows_to_reverse('RMB-00000019') $$, 'forgotten'), '<', :small::bigint + 20,
    'and on tables never analyzed');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_payment('PAY-00000008') $$, 'forgotten'), '<',
    :small_payment::bigint + 20, 'and of one payment');
select cmp_ok(
    test.measured($$ test.rows_to_reverse_run('NEW8') $$, 'forgotten'), '<', :small_run::bigint + 20,
    'and of a run of one customer');

-- Work tables are made once a session.
select count(*) as relations from pg_class \gset
select test.measured($$ test.reverse_payments(array['PAY-00000009'], '2025-07-31') $$, 'forgotten');
select is((select count(*) from pg_class), :relations::bigint, 'another reversal in a session makes no table');

select test.open_other_session('mine');
select test.in_other_session('create temporary table reversed_documents as select 7 as note', 'mine');
select throws_ok(
    $$ select test.measured('test.reverse(array[''RMB-00000020''])', 'mine') $$, 'RB031', null,
    'a session''s own table of a work table''s name is refused');
select is(test.measured('note from reversed_documents', 'mine'), 7::bigint, 'and is not touched');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
