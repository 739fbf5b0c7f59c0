-- What becomes of an attempt that failed: tried again after a delay, or given up, with nothing written but the error.
select plan(53);

select test.company();
select test.credit('ANN', 100);

-- Enqueues a run and claims its job; the steps below act on the latest job.
create function pg_temp.claimed(max_attempts int default 5) returns void
language sql
as $$
    update reimbursement.jobs set state = 'cancelled' where state = 'ready';
    select reimbursement.enqueue_reimbursement('US01', '2025-06-30', max_attempts => claimed.max_attempts);
    select reimbursement.claim_jobs('worker 1', 1)
$$;
create function pg_temp.job() returns reimbursement.jobs
language sql
as $$
    select j from reimbursement.jobs as j order by j.job_id desc limit 1
$$;
create function pg_temp.fail(sqlstate text, kind text default 'failed') returns text
language sql
as $$
    select reimbursement.fail_job('US01', j.job_id, j.attempt, fail.kind, fail.sqlstate, 'it broke')
    from pg_temp.job() as j
$$;
-- How long the job waits since its last attempt ended.
create function pg_temp.wait() returns interval
language sql
as $$
    select j.run_at - e.at
    from pg_temp.job() as j
    inner join reimbursement.job_errors as e on e.job_id = j.job_id and e.attempt = j.attempt
$$;
-- Makes the time pass that the job waits, and claims it once more.
create function pg_temp.claim_again() returns void
language sql
as $$
    update reimbursement.jobs set run_at = now() where state = 'ready';
    select reimbursement.claim_jobs('worker 1', 1)
$$;

-- A transient error.
select pg_temp.claimed();
select is(pg_temp.fail('40001'), 'ready', 'a job that meets a serialization failure is ready again');
select ok(
    pg_temp.wait() between interval '0.9 seconds' and interval '1.5 seconds',
    'after a second or so');
select is((pg_temp.job()).failed_attempts, 1, 'its failed attempts are counted');
select is((pg_temp.job()).last_error, 'it broke (SQLSTATE 40001)', 'it knows its last error');
select is((pg_temp.job()).finished_at, null, 'it has not ended');
select results_eq(
    $$ select e.attempt, e.kind, e.sqlstate, e.message, e.worker from reimbursement.job_errors as e $$,
    $$ values (1, 'failed', '40001', 'it broke', 'worker 1') $$, 'the attempt leaves a row');
update reimbursement.jobs set run_at = now() + interval '1 hour' where state = 'ready';
select is((select count(*) from reimbursement.claim_jobs('worker 1', 5)), 0::bigint, 'nobody is given it before its time');
select pg_temp.claim_again();
select is((pg_temp.job()).attempt, 2, 'the next attempt has the next number');
select pg_temp.fail('40001');
select ok(
    pg_temp.wait() between interval '1.9 seconds' and interval '3 seconds',
    'it waits twice as long after the second');
select pg_temp.claim_again();
select pg_temp.fail('40001');
select ok(
    pg_temp.wait() between interval '3.9 seconds' and interval '6 seconds',
    'and twice as long again after the third');
select ok(
    reimbursement.retry_delay(1000) between interval '300 seconds' and interval '450 seconds',
    'but never longer than minutes');

-- max_attempts.
select pg_temp.claimed(max_attempts => 2);
select is(pg_temp.fail('40P01'), 'ready', 'of two attempts the first may fail');
select pg_temp.claim_again();
select is(pg_temp.fail('40P01'), 'failed', 'after the second the job has failed');
select isnt((pg_temp.job()).finished_at, null, 'and ended');
select pg_temp.claim_again();
select is((pg_temp.job()).state, 'failed', 'a failed job is not given to anybody');

-- A shutdown is not the job's fault.
select pg_temp.claimed(max_attempts => 1);
select is(pg_temp.fail('57P01'), 'ready', 'a shutdown uses up no attempt');
select is((pg_temp.job()).failed_attempts, 0, 'it is not counted');
select ok(pg_temp.wait() > interval '0.9 seconds', 'and what it ended waits all the same, for the server to come back');
select pg_temp.claim_again();
select is(pg_temp.fail('40001'), 'failed', 'what is the job''s own is');

-- An error that trying again cannot mend.
select pg_temp.claimed();
select is(pg_temp.fail('RB004'), 'failed', 'a closed period fails the job at its first attempt');
select is(reimbursement.is_transient(e.code), e.is_transient, format('SQLSTATE %s: %s', e.code, e.rule))
from (
    values
    ('08006', true, 'a lost connection is tried again'), ('40001', true, 'a serialization failure'),
    ('40P01', true, 'a deadlock'), ('53300', true, 'too many connections'), ('53100', true, 'a full disk'),
    ('57P01', true, 'a shutdown'), ('57014', true, 'a cancelled statement'), ('58030', true, 'an input error'),
    ('55P03', true, 'a lock that is not available'), ('25P03', true, 'a worker that slept'),
    ('25P04', true, 'a transaction that a role gives too little time'),
    ('23505', false, 'a duplicate is not tried again'), ('23514', false, 'a broken constraint'),
    ('22012', false, 'a division by zero'), ('42P01', false, 'a missing table'), ('RB003', false, 'a missing period'),
    ('XX000', false, 'a bug')
) as e (code, is_transient, rule);

-- Lost attempts are counted apart and end at five.
select pg_temp.claimed(max_attempts => 1);
select is(pg_temp.fail('08006', 'lost'), 'ready', 'a lost attempt uses up no attempt of its own');
select pg_temp.claim_again(), pg_temp.fail('08006', 'lost') from generate_series(1, 3);
select is((pg_temp.job()).lost_attempts, 4, 'a job may be lost four times');
select is((pg_temp.job()).failed_attempts, 0, 'which is not the same as to fail');
select pg_temp.claim_again();
select is(pg_temp.fail('08006', 'lost'), 'failed', 'after the fifth it has failed');
select is(
    (select array_agg(e.attempt order by e.attempt) from reimbursement.job_errors as e
    where e.job_id = (pg_temp.job()).job_id and e.kind = 'lost'),
    array[1, 2, 3, 4, 5], 'with a row for each');

-- What fail_job finds when the attempt is over.
select pg_temp.claimed();
select pg_temp.fail('40001');
select pg_temp.claim_again();
create temporary table stale as select * from pg_temp.job();
select is(
    reimbursement.fail_job('US01', s.job_id, 1, 'failed', '40001', 'late news'), null,
    'an attempt that was fenced off ends nothing')
from stale as s;
select is((pg_temp.job()).state, 'running', 'and leaves the attempt under way alone');
select reimbursement.execute_job('US01', s.job_id, 2) from stale as s;
select is(
    reimbursement.fail_job('US01', s.job_id, 2, 'lost', '08006', 'the answer to COMMIT was lost'), 'completed',
    'a worker that lost the answer to its COMMIT learns that the job completed')
from stale as s;
select is(
    (select count(*) from reimbursement.job_errors as e where e.job_id = (select s.job_id from stale as s)), 1::bigint,
    'and no error is kept');

-- A period that is closed after the run was enqueued: nothing is written but the error, and it can be mended.
select test.credit('BOB', 100);
select pg_temp.claimed();
update reimbursement.ledger_periods set is_open = false;
select throws_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job()).job_id), 'RB004', null,
    'a period that was closed meanwhile fails the transfer');
select pg_temp.fail('RB004');
select is(
    (select count(*) from reimbursement.reimbursement_report where customer_account = 'BOB'), 0::bigint,
    'nothing is written but the error');
update reimbursement.ledger_periods set is_open = true;
select reimbursement.retry_run((pg_temp.job()).run_id);
select test.work_off();
select is(
    (select amount from reimbursement.reimbursement_report where customer_account = 'BOB'), 100.00,
    'opened again and retried, the customer is reimbursed');

-- A transfer has to see what others commit while it waits for their locks.
select test.credit('CAT', 100);
select pg_temp.claimed();
set default_transaction_isolation = 'repeatable read';
select throws_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job()).job_id), 'RB030', null,
    'a job is not carried out at REPEATABLE READ');
set default_transaction_isolation = 'serializable';
select throws_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job()).job_id), 'RB030', null,
    'nor at SERIALIZABLE');
reset default_transaction_isolation;
select lives_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job()).job_id), 'at READ COMMITTED it is');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
