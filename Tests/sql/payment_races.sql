-- Two runs at once over the same invoices: never two payments, never a paid invoice reversed, never a reversal twice.
select plan(55);

select test.open_other_session('first');
select test.open_other_session('second');

-- Carries out the jobs of two runs at the same time: the first writes, the second meets its locks, then the first ends
-- by commit or rollback. What failed is reported as a worker does. outcome() says how the second ended.
create procedure pg_temp.race(first_run bigint, second_run bigint, ending text)
language plpgsql
as $$
declare
    v_first reimbursement.jobs;
    v_second reimbursement.jobs;
    v_outcome text;
begin
    perform reimbursement.claim_jobs('test', 9);
    commit;
    select j.* into strict v_first from reimbursement.jobs as j where j.run_id = first_run order by j.batch limit 1;
    select j.* into strict v_second from reimbursement.jobs as j
    where j.run_id = second_run order by j.batch desc limit 1;
    perform test.in_other_session('begin', 'first');
    perform test.in_other_session(
        format('do $do$ begin perform reimbursement.execute_job(%L, %s, %s); end $do$', v_first.legal_entity_id,
            v_first.job_id, v_first.attempt),
        'first');
    perform test.wait_in_other_session(
        format('select reimbursement.execute_job(%L, %s, %s)', v_second.legal_entity_id, v_second.job_id,
            v_second.attempt),
        'second');
    perform test.in_other_session(ending, 'first');
    v_outcome := test.end_of_wait('second');
    perform set_config('race.outcome', v_outcome, false);
    if ending = 'rollback' then
        perform reimbursement.fail_job(
            v_first.legal_entity_id, v_first.job_id, v_first.attempt, 'failed', '40001', 'it was rolled back');
        update reimbursement.jobs set run_at = now() where state = 'ready';
    end if;
    if v_outcome <> 'done' then
        perform reimbursement.fail_job(
            v_second.legal_entity_id, v_second.job_id, v_second.attempt, 'failed', left(v_outcome, 5), v_outcome);
    end if;
    commit;
end
$$;
create function pg_temp.outcome() returns text
language sql
as $$
    select current_setting('race.outcome')
$$;
-- A company with two invoices of 30 June, RINV-1 for 10 and RINV-2 for 20.
create function pg_temp.company(legal_entity_id text) returns void
language sql
as $$
    select test.company(legal_entity_id => company.legal_entity_id);
    select test.bank_account(legal_entity_id => company.legal_entity_id);
    select test.payee('ANN', 10, legal_entity_id => company.legal_entity_id);
    select test.payee('BOB', 20, legal_entity_id => company.legal_entity_id);
    select test.reimburse(legal_entity_id => company.legal_entity_id)
$$;
-- What became of a company's invoices.
create function pg_temp.invoices(legal_entity_id text) returns text
language sql
as $$
    select string_agg(
        concat_ws(' ', r.customer_account, r.payment_status, coalesce(r.payment_number, r.reversed_by)), ', '
        order by r.reimbursement_number)
    from reimbursement.reimbursement_report as r where r.legal_entity_id = invoices.legal_entity_id
$$;
-- A run as it ended: its state, and how much it did.
create function pg_temp.ended(run_id bigint) returns text
language sql
as $$
    select format('%s: %s done, %s skipped', r.state, r.processed, r.skipped) from reimbursement.runs as r
    where r.run_id = ended.run_id
$$;

-- Two payment runs.
select pg_temp.company('PAY-PAY');
select reimbursement.enqueue_vendor_payment('PAY-PAY', '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('PAY-PAY', '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'of two payment runs over the same invoices, one waits for the other');
select is(
    pg_temp.invoices('PAY-PAY'), 'ANN paid PAY-00000001, BOB paid PAY-00000002', 'each invoice is paid once');
select is(pg_temp.ended(:first), 'completed: 2 done, 0 skipped', 'by the first');
select is(pg_temp.ended(:second), 'completed: 0 done, 0 skipped', 'the second has nothing left to pay');
select is(
    (select count(*) from reimbursement.payment_files where legal_entity_id = 'PAY-PAY'), 3::bigint,
    'and there is one file in each format');

select pg_temp.company('PAY-PAY-2');
select reimbursement.enqueue_vendor_payment('PAY-PAY-2', '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('PAY-PAY-2', '2025-07-15', pay_per => 'vendor') as second \gset
call pg_temp.race(:first, :second, 'rollback');
select is(pg_temp.outcome(), 'done', 'a payment run that fails is waited for as well');
select is(
    pg_temp.invoices('PAY-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'then the other pays, with the numbers that the first had');
select test.work_off();
select is(
    pg_temp.invoices('PAY-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002', 'and once only');

-- Runs that overlap in part.
select pg_temp.company('OVERLAP');
select reimbursement.enqueue_vendor_payment('OVERLAP', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_vendor_payment('OVERLAP', '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(
    pg_temp.invoices('OVERLAP'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'the second run pays what the first left');
select is(
    array[pg_temp.ended(:first), pg_temp.ended(:second)],
    array['completed: 1 done, 0 skipped', 'completed: 1 done, 0 skipped'], 'each has its own');

-- A reversal at the moment of the payment.
select pg_temp.company('PAY-REV');
select reimbursement.enqueue_vendor_payment('PAY-REV', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_reversal(
    'PAY-REV', 'why', array['RMB-00000001', 'RMB-00000002'], posting_date => '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(
    pg_temp.outcome(), 'RB025 this cannot be reversed: RMB-00000001 is paid by PAY-00000001',
    'a reversal by number fails when the payment came first');
select is(
    pg_temp.invoices('PAY-REV'), 'ANN paid PAY-00000001, BOB open', 'with nothing reversed, and the payment made');
select is(pg_temp.ended(:second), 'failed: 0 done, 0 skipped', 'the run of the reversal has failed');

select pg_temp.company('PAY-REV-RUN');
select reimbursement.enqueue_vendor_payment('PAY-REV-RUN', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_reversal(
    'PAY-REV-RUN', 'why', run_id => q.run_id, posting_date => '2025-07-15') as second
from reimbursement.runs as q where q.legal_entity_id = 'PAY-REV-RUN' and q.kind = 'reimbursement' \gset
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'a reversal of the run skips what was paid');
select is(pg_temp.invoices('PAY-REV-RUN'), 'ANN paid PAY-00000001, BOB cancelled REV-00000001',
    'and reverses the rest');
select is(pg_temp.ended(:second), 'completed: 1 done, 1 skipped', 'as it reports');
select results_eq(
    format(
        'select reimbursement_number::text collate "default", skip_reason from reimbursement.skipped_reimbursements
        where run_id = %s', :second),
    $$ values ('RMB-00000001', 'paid') $$, 'with the reason');

select pg_temp.company('REV-PAY');
select reimbursement.enqueue_reversal(
    'REV-PAY', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('REV-PAY', '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'a payment run waits for the reversal that came first');
select is(pg_temp.invoices('REV-PAY'), 'ANN cancelled REV-00000001, BOB paid PAY-00000001',
    'and does not pay what is cancelled');
select is(pg_temp.ended(:second), 'completed: 1 done, 0 skipped', 'a cancelled invoice is no skip');

select pg_temp.company('REV-PAY-2');
select reimbursement.enqueue_reversal(
    'REV-PAY-2', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('REV-PAY-2', '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'rollback');
select is(
    pg_temp.invoices('REV-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'when the reversal fails, both are paid');
select throws_ok(
    'select test.work_off()', 'RB025', 'this cannot be reversed: RMB-00000001 is paid by PAY-00000001',
    'and then cannot be reversed');
update reimbursement.jobs set state = 'cancelled' where state in ('ready', 'running');

-- The same reversal twice.
select pg_temp.company('REV-REV');
select reimbursement.enqueue_reversal(
    'REV-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reversal(
    'REV-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(
    pg_temp.outcome(), 'RB025 this cannot be reversed: RMB-00000001 was reversed by REV-00000001',
    'the same reversal twice: the second fails');
select is(pg_temp.invoices('REV-REV'), 'ANN cancelled REV-00000001, BOB open', 'and it is reversed once');
select results_eq(
    $$ select open_amount from test.transactions('ANN', 'REV-REV') $$, $$ values (-10.00), (0.00), (0.00) $$,
    'its credit is open once');
select reimbursement.enqueue_reversal('REV-REV', 'why', run_id => q.run_id, posting_date => '2025-07-15') as first,
    reimbursement.enqueue_reversal('REV-REV', 'why', run_id => q.run_id, posting_date => '2025-07-15') as second
from reimbursement.runs as q where q.legal_entity_id = 'REV-REV' and q.kind = 'reimbursement' \gset
call pg_temp.race(:first, :second, 'commit');
select is(
    array[pg_temp.ended(:first), pg_temp.ended(:second)],
    array['completed: 1 done, 1 skipped', 'completed: 0 done, 2 skipped'],
    'the same run reversed twice: the second skips all');
select is(
    pg_temp.invoices('REV-REV'), 'ANN cancelled REV-00000001, BOB cancelled REV-00000002', 'each is reversed once');

-- Nettings of a run that is reversed twice at once.
select test.company(legal_entity_id => 'NETTED');
select test.credit('ANN', 10, legal_entity_id => 'NETTED');
select test.debit('ANN', 15, dimensions => '{"Department": "010"}', legal_entity_id => 'NETTED');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'NETTED') as netted \gset
select reimbursement.enqueue_reversal('NETTED', 'why', run_id => :netted, posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reversal('NETTED', 'why', run_id => :netted, posting_date => '2025-07-15') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'a run that only netted, reversed twice at once');
select results_eq(
    $$ select open_amount from test.transactions('ANN', 'NETTED') $$, $$ values (-10.00), (15.00) $$,
    'its nettings are undone once');
select is(
    (select count(*) from reimbursement.reversals where legal_entity_id = 'NETTED'), 1::bigint, 'by one voucher');

-- The same payment reversal twice; and against a payment run.
select pg_temp.company('BACK-BACK');
select test.pay(legal_entity_id => 'BACK-BACK');
select reimbursement.enqueue_payment_reversal('BACK-BACK', 'why', array['PAY-00000001'], '2025-07-20') as first \gset
select reimbursement.enqueue_payment_reversal(
    'BACK-BACK', 'why', array['PAY-00000001', 'PAY-00000002'], '2025-07-20') as second \gset
call pg_temp.race(:first, :second, 'commit');
select is(
    pg_temp.outcome(), 'RB025 this cannot be reversed: PAY-00000001 was reversed by REV-00000001',
    'the same payment back twice: the second fails');
select is(pg_temp.invoices('BACK-BACK'), 'ANN open, BOB paid PAY-00000002', 'with nothing of it written');

-- A reimbursement is reversed while its payment comes back: the reversal was enqueued before it was paid.
select pg_temp.company('BACK-REV');
select reimbursement.enqueue_reversal(
    'BACK-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-20', run_at => '2099-01-01') as second \gset
select test.pay(legal_entity_id => 'BACK-REV');
select reimbursement.enqueue_payment_reversal('BACK-REV', 'why', array['PAY-00000001'], '2025-07-20') as first \gset
update reimbursement.jobs set run_at = now() where state = 'scheduled';
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'a reversal that waits for the payment to come back sees that it has');
select is(pg_temp.invoices('BACK-REV'), 'ANN cancelled REV-00000002, BOB paid PAY-00000002',
    'and reverses the reimbursement');

-- A reimbursement run at the moment of a reversal.
select pg_temp.company('REV-RMB');
select reimbursement.enqueue_reversal(
    'REV-RMB', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reimbursement('REV-RMB', '2025-07-15') as second \gset
select test.credit('ANN', 5, legal_entity_id => 'REV-RMB');
call pg_temp.race(:first, :second, 'commit');
select is(pg_temp.outcome(), 'done', 'a reimbursement run waits for the reversal');
select is(
    (select r.amount from reimbursement.reimbursement_report as r where r.run_id = :second), 15.00,
    'and reimburses the credit that is open again, with the new one');

-- An invoice that appears while a payment run waits is left for the next one, though it was due first.
select pg_temp.company('NEW-INVOICE');
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
    pg_temp.invoices('NEW-INVOICE'), 'ANN paid PAY-00000001, BOB paid PAY-00000002, ANN open',
    'it is left for the next run, and uses up nothing of the maximum of this one');
update reimbursement.jobs set state = 'cancelled' where state = 'running';

-- A run that failed in part is retried at the moment of its reversal.
select test.company(legal_entity_id => 'RETRY');
select test.payee('ANN', 10, legal_entity_id => 'RETRY');
select test.payee('BOB', 20, legal_entity_id => 'RETRY');
select reimbursement.enqueue_reimbursement('RETRY', '2025-06-30', batches => 2) as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select reimbursement.fail_job('RETRY', :job_id, 1, 'failed', '23514', 'it broke');
select test.work_off();
select reimbursement.enqueue_reversal('RETRY', 'why', run_id => :run_id, posting_date => '2025-07-15') as reversal \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'RETRY', :job_id), 'first');
select test.wait_in_other_session(format('select reimbursement.retry_run(%s)', :run_id), 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'who retries a run waits for its reversal');
select test.work_off();
select is(
    (select string_agg(r.payment_status, ', ' order by r.payment_status) from reimbursement.reimbursement_report as r
    where r.legal_entity_id = 'RETRY'), 'cancelled, open', 'then the rest of it is reimbursed, and not reversed');

-- A settlement outside of runs, at the moment of a reversal.
select test.company(legal_entity_id => 'SETTLE');
select test.credit('ANN', 10, legal_entity_id => 'SETTLE') as credit \gset
select test.reimburse(legal_entity_id => 'SETTLE');
select test.debit('ANN', 10, legal_entity_id => 'SETTLE') as debit \gset
select reimbursement.enqueue_reversal(
    'SETTLE', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'SETTLE', :job_id), 'first');
select test.wait_in_other_session(
    format('select reimbursement.settle_transactions(%L, %s, %s, 10, %L)', 'SETTLE', :debit, :credit, '2025-07-15'),
    'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'who settles the credit at that moment waits, and finds it open');
select is(
    (select sum(t.open_amount) from test.transactions('ANN', 'SETTLE') as t), 0.00, 'and it is settled once');

-- Two batches of one run: the maximum is over both, and the last one to end writes the file.
select pg_temp.company('MAXIMUM');
select reimbursement.enqueue_vendor_payment(
    'MAXIMUM', '2025-07-15', maximum_total => 29.99, batches => 2) as run_id \gset
call pg_temp.race(:run_id, :run_id, 'commit');
select is(pg_temp.outcome(), 'done', 'with a maximum, batches wait for one another');
select is(pg_temp.ended(:run_id), 'completed: 1 done, 1 skipped', 'together they are not over it');
select pg_temp.company('BATCHES');
select reimbursement.enqueue_vendor_payment('BATCHES', '2025-07-15', batches => 2) as run_id \gset
call pg_temp.race(:run_id, :run_id, 'commit');
select is(pg_temp.outcome(), 'done', 'two batches at once');
select is(
    (select array_agg(distinct f.payments) from reimbursement.payment_files as f where f.run_id = :run_id), array[2],
    'one of them writes the file, with the payments of both');
select is(
    (select count(*) from reimbursement.payment_files as f where f.run_id = :run_id), 3::bigint, 'once in each format');

-- A batch that has nothing to pay takes no number, and still one of the two writes the file.
select pg_temp.company('HELD-BATCH');
update reimbursement.vendors set hold = 'payment'
where legal_entity_id = 'HELD-BATCH' and vendor_account = 'OTV-00000001';
select reimbursement.enqueue_vendor_payment('HELD-BATCH', '2025-07-15', batches => 2) as run_id \gset
call pg_temp.race(:run_id, :run_id, 'commit');
select is(pg_temp.outcome(), 'done', 'a batch with nothing to pay, and another, at once');
select is(pg_temp.ended(:run_id), 'completed: 1 done, 1 skipped', 'both end');
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
select pg_temp.company('PERIOD');
select reimbursement.enqueue_vendor_payment('PERIOD', '2025-07-15') as run_id \gset
call pg_temp.closing_while(:run_id);
select is(pg_temp.outcome(), 'done', 'who closes the period waits for the payment');
select reimbursement.enqueue_payment_reversal('PERIOD', 'why', array['PAY-00000001'], '2025-07-20') as run_id \gset
call pg_temp.closing_while(:run_id);
select is(pg_temp.outcome(), 'done', 'and for its reversal');
select reimbursement.enqueue_reversal(
    'PERIOD', 'why', array['RMB-00000001'], posting_date => '2025-07-20') as run_id \gset
call pg_temp.closing_while(:run_id);
select is(pg_temp.outcome(), 'done', 'and for that of the reimbursement');
select is(pg_temp.invoices('PERIOD'), 'ANN cancelled REV-00000002, BOB paid PAY-00000002', 'all of which took place');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
