-- Which job a worker is given, and that nobody else carries it out.
select plan(29);

select test.company();
create function pg_temp.enqueue(
    name text, run_at timestamptz, priority int default 0, queue text default 'default'
) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        'US01', '2025-06-30', run_at => enqueue.run_at, priority => enqueue.priority, queue => enqueue.queue,
        description => enqueue.name)
$$;
-- Claims jobs and says by name which.
create function pg_temp.claim(slots int, queue text default 'default') returns text[]
language sql
as $$
    select array_agg(r.description order by r.description)
    from reimbursement.claim_jobs('worker 1', claim.slots, claim.queue) as c
    inner join reimbursement.runs as r on r.run_id = c.run_id
$$;
create function pg_temp.job(name text) returns reimbursement.jobs
language sql
as $$
    select j
    from reimbursement.jobs as j
    inner join reimbursement.run_requests as r on r.run_id = j.run_id
    where r.description = job.name
$$;

select pg_temp.enqueue('fifth', '2020-01-02');
select pg_temp.enqueue('third', '2020-01-01');
select pg_temp.enqueue('fourth', '2020-01-01');
select pg_temp.enqueue('sixth', '2020-01-01', priority => 1);
select pg_temp.enqueue('first', '2020-01-03', priority => -1);
select pg_temp.enqueue('second', '2020-01-03', priority => -1);
select pg_temp.enqueue('elsewhere', '2020-01-01', priority => -9, queue => 'other');

select is(pg_temp.claim(0), null, 'a worker without a free slot is given nothing');
select is(pg_temp.claim(1), array['first'], 'the smallest priority comes first');
select is(pg_temp.claim(1), array['second'], 'of the same time the one that was enqueued first');
select is(pg_temp.claim(1), array['third'], 'then the earliest time');
select is(pg_temp.claim(2), array['fifth', 'fourth'], 'as many as there are free slots');
select is(pg_temp.claim(5), array['sixth'], 'no more than there are');
select is(pg_temp.claim(5), null, 'a job that runs is not given to anybody else');
select is(pg_temp.claim(5, 'other'), array['elsewhere'], 'each queue has jobs of its own');
select is((pg_temp.job('first')).state, 'running', 'a claimed job is running');
select is((pg_temp.job('first')).attempt, 1, 'its attempt is counted before it begins');
select is((pg_temp.job('first')).worker, 'worker 1', 'it knows its worker');
select ok((pg_temp.job('first')).claimed_at <= clock_timestamp(), 'and when it was claimed');

-- Scheduled for later.
select pg_temp.enqueue('later', now() + interval '1 hour');
select is((pg_temp.job('later')).state, 'scheduled', 'a job for later is scheduled');
select is(pg_temp.claim(5), null, 'and not given to anybody before its time');
update reimbursement.jobs set run_at = now() where state = 'scheduled';
select is(pg_temp.claim(5), array['later'], 'when its time has come it is');

-- The fence: a job is carried out under the attempt that it runs under, once.
select test.credit('ANN', 100);
select throws_ok(
    format('select reimbursement.execute_job(%L, %s, %s)', e.legal_entity_id, e.job_id, e.attempt), 'RB019', null,
    format('not carried out: %s', e.rule))
from (
    values
    ('US01', (pg_temp.job('first')).job_id, 0, 'under an attempt that was before'),
    ('US01', (pg_temp.job('first')).job_id, 2, 'under an attempt that is to come'),
    ('US02', (pg_temp.job('first')).job_id, 1, 'as a job of another legal entity'),
    ('US01', -1, 1, 'a job that does not exist')
) as e (legal_entity_id, job_id, attempt, rule);
select is_empty('select * from reimbursement.reimbursement_report', 'and nothing is reimbursed');
select lives_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job('first')).job_id),
    'under its attempt it is carried out');
select throws_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job('first')).job_id), 'RB019', null,
    'and not a second time');
select is((select count(*) from reimbursement.reimbursement_report), 1::bigint, 'the customer is reimbursed once');
select results_eq(
    $$ select state, processed, skipped, accounting_amount, finished_at is not null
    from pg_temp.job('first') $$,
    $$ values ('completed', 1, 0, 100.00, true) $$, 'the job says what it has done');

-- Two workers at a time.
select pg_temp.enqueue('eighth', '2020-01-01');
select pg_temp.enqueue('ninth', '2020-01-01');
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(
    $$ create temporary table claimed as select * from reimbursement.claim_jobs('worker 2', 1) $$);
set lock_timeout = '100ms';
select is(pg_temp.claim(5), array['ninth'], 'a worker does not wait for what another is claiming, and takes the rest');
reset lock_timeout;
select test.in_other_session('commit');
select is((pg_temp.job('eighth')).worker, 'worker 2', 'so each job has one worker');

select test.credit('BOB', 100);
select test.in_other_session('begin');
select test.in_other_session(
    format(
        'do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01', (pg_temp.job('eighth')).job_id));
set lock_timeout = '100ms';
select throws_ok(
    format($$ select reimbursement.execute_job('US01', %s, 1) $$, (pg_temp.job('eighth')).job_id), '55P03', null,
    'while a transfer is open nobody else gets its job');
reset lock_timeout;
select test.in_other_session('commit');
select is(
    (select count(*) from reimbursement.reimbursement_report where customer_account = 'BOB'), 1::bigint,
    'and its customer is reimbursed once');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
