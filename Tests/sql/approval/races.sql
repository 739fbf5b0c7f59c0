-- Votes that meet, and changes that meet a transfer which was approved.
select plan(16);

select test.company();
select test.bank_account();
select test.person('one', '{approver}');
select test.person('two', '{approver}');
select test.rule(approvals => 2);
select test.rule('vendor_payment');
select test.vendor('V-ANN', iban => 'DE89370400440532013000');
select test.payee('ANN', 100, vendor_account => 'V-ANN');
select test.payee('BOB', 20);
select test.open_other_session('first');
select test.open_other_session('second');
select test.in_other_session(format('set role %I', test.role_of('one')), 'first');
select test.in_other_session(format('set role %I', test.role_of('two')), 'second');
create function pg_temp.enqueue(batches int default 1) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement('US01', '2025-06-30', batches => batches)
$$;
create function pg_temp.vote(run_id bigint) returns text
language sql
as $$
    select format('do $do$ begin perform reimbursement.approve_run(%s); end $do$', vote.run_id)
$$;

-- Two persons vote at once: the second waits for the first and counts him.
select pg_temp.enqueue() as run \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(pg_temp.vote(:run), 'first');
select test.wait_in_other_session(format('select reimbursement.approve_run(%s)', :run), 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'of two who vote at once the second waits');
select is(test.state(:run), 'ready', 'and both count');
update reimbursement.jobs set state = 'cancelled' where state = 'ready';

-- The same, and the first takes his vote back.
select pg_temp.enqueue() as run \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(pg_temp.vote(:run), 'first');
select test.wait_in_other_session(format('select reimbursement.approve_run(%s)', :run), 'second');
select test.in_other_session('rollback', 'first');
select is(test.end_of_wait('second'), 'done', 'where the first does not vote after all, the second does');
select is(
    (select p.approvals_given from reimbursement.pending_approvals as p where p.run_id = :run), 1, 'and is alone');

-- One person in two sessions.
select test.in_other_session(format('set role %I', test.role_of('one')), 'second');
select test.in_other_session('begin', 'first');
select test.in_other_session(pg_temp.vote(:run), 'first');
select test.wait_in_other_session(format('select reimbursement.approve_run(%s)', :run), 'second');
select test.in_other_session('commit', 'first');
select matches(test.end_of_wait('second'), '^RB050', 'with the last approval a run waits no more for whoever waited');
select is(test.state(:run), 'ready', 'it is ready once');
update reimbursement.jobs set state = 'cancelled' where state = 'ready';
select pg_temp.enqueue() as run \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(pg_temp.vote(:run), 'first');
select test.wait_in_other_session(format('select reimbursement.approve_run(%s)', :run), 'second');
select test.in_other_session('commit', 'first');
select matches(test.end_of_wait('second'), '^RB052', 'one person in two sessions has one vote');

-- One approves while another rejects.
select test.in_other_session(format('set role %I', test.role_of('two')), 'second');
select test.in_other_session('begin', 'second');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.reject_run(%s, $$no$$); end $do$', :run), 'second');
select test.wait_in_other_session(format('select reimbursement.approve_run(%s)', :run), 'first');
select test.in_other_session('commit', 'second');
select matches(test.end_of_wait('first'), '^RB050', 'what another rejected meanwhile is not approved');
select is(test.state(:run), 'cancelled', 'it is cancelled');

-- A vote that does not see what others voted.
select pg_temp.enqueue() as run \gset
select test.in_other_session('begin isolation level repeatable read', 'first');
select throws_ok(
    format('select test.in_other_session(%L, %L)', pg_temp.vote(:run), 'first'), 'RB030', null,
    'nobody votes who does not see the votes of others');
select test.in_other_session('rollback', 'first');

-- A change while an approved transfer waits for the customer whom it is about.
select test.approve('one', :run);
select test.approve('two', :run);
select * from reimbursement.claim_jobs('test', 1) \gset job_
select test.in_other_session('reset role', 'first');
select test.in_other_session('reset role', 'second');
select test.in_other_session('begin', 'first');
select test.in_other_session($$update reimbursement.customers set iban = 'FR1420041010050500013M02606'
    where customer_account = 'BOB'$$, 'first');
select test.wait_in_other_session(
    format('select reimbursement.execute_job(%L, %s, %s)', 'US01', :job_job_id, :job_attempt), 'second');
select test.in_other_session('commit', 'first');
select matches(
    test.end_of_wait('second'), '^RB053 .*approved: customer BOB: .*DE89…3000.*; now: .*FR14…2606',
    'a change that a transfer waits for is seen');
select reimbursement.fail_job('US01', :job_job_id, :job_attempt, 'failed', 'RB053', 'it differs');
select is_empty('select from reimbursement.reimbursements', 'and nothing is reimbursed');

-- A vote while a transfer of the same run is under way.
select pg_temp.enqueue(2) as run \gset
select test.approve('one', :run);
select test.approve('two', :run);
update reimbursement.customers set name = 'Robert' where customer_account = 'BOB';
select job_id as first_job from reimbursement.jobs where run_id = :run and batch = 1 \gset
select job_id as second_job from reimbursement.jobs where run_id = :run and batch = 2 \gset
select reimbursement.claim_jobs('test', 2);
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01', :first_job), 'first');
select throws_ok(
    format('select reimbursement.execute_job(%L, %s, 1)', 'US01', :second_job), 'RB053', null,
    'one batch is no more what was approved, while another is under way');
select reimbursement.fail_job('US01', :second_job, 1, 'failed', 'RB053', 'it differs');
select reimbursement.retry_run(:run);
select test.in_other_session(format('set role %I', test.role_of('one')), 'second');
select test.in_other_session(pg_temp.vote(:run), 'second');
select test.in_other_session(format('set role %I', test.role_of('two')), 'second');
select test.in_other_session(pg_temp.vote(:run), 'second');
select is(
    (select j.state from reimbursement.jobs as j where j.job_id = :second_job), 'ready',
    'votes do not wait for a transfer of the same run');
select test.in_other_session('commit', 'first');
select test.work();
select is(test.state(:run), 'completed', 'and all of it is done');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
