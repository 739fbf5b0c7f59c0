-- Two payment runs at once over the same invoices, or two batches of one: never two payments, and one set of files; nor
-- is a period closed under them.
select plan(25);

select test.open_other_session('first');
select test.open_other_session('second');

-- Two payment runs.
select test.invoices_of_two('PAY-PAY');
select reimbursement.enqueue_vendor_payment('PAY-PAY', '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('PAY-PAY', '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'of two payment runs over the same invoices, one waits for the other');
select is(
    test.fate_of_invoices('PAY-PAY'), 'ANN paid PAY-00000001, BOB paid PAY-00000002', 'each invoice is paid once');
select is(test.end_of_run(:first), 'completed: 2 done, 0 skipped', 'by the first');
select is(test.end_of_run(:second), 'completed: 0 done, 0 skipped', 'the second has nothing left to pay');
select is(
    (select count(*) from reimbursement.payment_files where legal_entity_id = 'PAY-PAY'), 3::bigint,
    'and there is one file in each format');

select test.invoices_of_two('PAY-PAY-2');
select reimbursement.enqueue_vendor_payment('PAY-PAY-2', '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('PAY-PAY-2', '2025-07-15', pay_per => 'vendor') as second \gset
call test.race(:first, :second, 'rollback');
select is(test.end_of_race(), 'done', 'a payment run that fails is waited for as well');
select is(
    test.fate_of_invoices('PAY-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'then the other pays, with the numbers that the first had');
select test.work_off();
select is(
    test.fate_of_invoices('PAY-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002', 'and once only');

-- Runs that overlap in part.
select test.invoices_of_two('OVERLAP');
select reimbursement.enqueue_vendor_payment('OVERLAP', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_vendor_payment('OVERLAP', '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(
    test.fate_of_invoices('OVERLAP'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'the second run pays what the first left');
select is(
    array[test.end_of_run(:first), test.end_of_run(:second)],
    array['completed: 1 done, 0 skipped', 'completed: 1 done, 0 skipped'], 'each has its own');

-- An invoice that appears while a payment run waits is left for the next one, though it was due first.
select test.invoices_of_two('NEW-INVOICE');
select reimbursement.enqueue_vendor_payment('NEW-INVOICE', '2025-07-15', maximum_total => 30) as first \gset
select reimbursement.enqueue_vendor_payment('NEW-INVOICE', '2025-07-15', maximum_total => 30) as second \gset
select reimbursement.claim_jobs('test', 2);
select job_id as first_job from reimbursement.jobs where run_id = :first \gset
select job_id as second_job from reimbursement.jobs where run_id = :second \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'NEW-INVOICE', :first_job), 'first');
select test.wait_in_other_session(
    format('select reimbursement.execute_job(%L, %s, 1)', 'NEW-INVOICE', :second_job), 'second');
select test.credit('ANN', 5, legal_entity_id => 'NEW-INVOICE');
select test.reimburse('2025-06-29', legal_entity_id => 'NEW-INVOICE');
select test.in_other_session('rollback', 'first');
select is(test.end_of_wait('second'), 'done', 'an invoice appears while a payment run waits for another, which fails');
select is(
    test.fate_of_invoices('NEW-INVOICE'), 'ANN paid PAY-00000001, BOB paid PAY-00000002, ANN open',
    'it is left for the next run, and uses up nothing of the maximum of this one');
update reimbursement.jobs set state = 'cancelled' where state = 'running';

-- Two batches of one run: the maximum is over both, and the last one to end writes the file.
select test.invoices_of_two('MAXIMUM');
select reimbursement.enqueue_vendor_payment(
    'MAXIMUM', '2025-07-15', maximum_total => 29.99, batches => 2) as run_id \gset
call test.race(:run_id, :run_id, 'commit');
select is(test.end_of_race(), 'done', 'with a maximum, batches wait for one another');
select is(test.end_of_run(:run_id), 'completed: 1 done, 1 skipped', 'together they are not over it');
select test.invoices_of_two('BATCHES');
select reimbursement.enqueue_vendor_payment('BATCHES', '2025-07-15', batches => 2) as run_id \gset
call test.race(:run_id, :run_id, 'commit');
select is(test.end_of_race(), 'done', 'two batches at once');
select is(
    (select array_agg(distinct f.payments) from reimbursement.payment_files as f where f.run_id = :run_id), array[2],
    'one of them writes the file, with the payments of both');
select is(
    (select count(*) from reimbursement.payment_files as f where f.run_id = :run_id), 3::bigint, 'once in each format');

-- A batch that has nothing to pay takes no number, and still one of the two writes the file.
select test.invoices_of_two('HELD-BATCH');
update reimbursement.vendors set hold = 'payment'
where legal_entity_id = 'HELD-BATCH' and vendor_account = 'OTV-00000001';
select reimbursement.enqueue_vendor_payment('HELD-BATCH', '2025-07-15', batches => 2) as run_id \gset
call test.race(:run_id, :run_id, 'commit');
select is(test.end_of_race(), 'done', 'a batch with nothing to pay, and another, at once');
select is(test.end_of_run(:run_id), 'completed: 1 done, 1 skipped', 'both end');
select is(
    (select array_agg(f.payments) from reimbursement.payment_files as f where f.run_id = :run_id), array[1, 1, 1],
    'and there is one file in each format');

-- A period is not closed under a payment or a reversal.
create procedure pg_temp.closing_while(run_id bigint)
language plpgsql
as $$
declare
    v_job record;
begin
    select * into v_job from reimbursement.claim_jobs('test', 1);
    commit;
    perform test.in_other_session('begin', 'first');
    perform test.in_other_session(
        format('do $do$ begin perform reimbursement.execute_job(%L, %s, %s); end $do$', v_job.legal_entity_id,
            v_job.job_id, v_job.attempt),
        'first');
    perform test.wait_in_other_session(
        format('update reimbursement.ledger_periods set is_open = false where legal_entity_id = %L',
            v_job.legal_entity_id),
        'second');
    perform test.in_other_session('commit', 'first');
    perform set_config('race.outcome', test.end_of_wait('second'), false);
    update reimbursement.ledger_periods set is_open = true;
    commit;
end
$$;
select test.invoices_of_two('PERIOD');
select reimbursement.enqueue_vendor_payment('PERIOD', '2025-07-15') as run_id \gset
call pg_temp.closing_while(:run_id);
select is(test.end_of_race(), 'done', 'who closes the period waits for the payment');
select reimbursement.enqueue_payment_reversal(
    'PERIOD', 'why', array['PAY-00000001'], '2025-07-20', not_sent => true) as run_id \gset
call pg_temp.closing_while(:run_id);
select is(test.end_of_race(), 'done', 'and for its reversal');
select reimbursement.enqueue_reversal(
    'PERIOD', 'why', array['RMB-00000001'], posting_date => '2025-07-20') as run_id \gset
call pg_temp.closing_while(:run_id);
select is(test.end_of_race(), 'done', 'and for that of the reimbursement');
select is(test.fate_of_invoices('PERIOD'), 'ANN cancelled REV-00000002, BOB paid PAY-00000002', 'all of which took place');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
