-- A run as a whole: its state and totals as its jobs go by, and how a failed run is taken up again.
select plan(36);

select test.company();
select test.credit(c.account, 10) from (values ('A'), ('B'), ('C')) as c (account);
select test.credit('B', 90);
select test.customer('D', on_hold_from => '2025-01-01');
select test.credit('D', 10);

create function pg_temp.state() returns text
language sql
as $$
    select r.state from reimbursement.runs as r where r.run_id = test.last_run()
$$;
create function pg_temp.attempt() returns reimbursement.jobs
language sql
as $$
    select j
    from reimbursement.claim_jobs('test', 1) as c
    inner join reimbursement.jobs as j on j.job_id = c.job_id
$$;
create function pg_temp.complete_one() returns void
language sql
as $$
    select reimbursement.execute_job(j.legal_entity_id, j.job_id, j.attempt + 1) from pg_temp.attempt() as j
$$;
create function pg_temp.fail_one(message text) returns void
language sql
as $$
    select reimbursement.fail_job(j.legal_entity_id, j.job_id, j.attempt + 1, 'failed', 'XX000', fail_one.message)
    from pg_temp.attempt() as j
$$;

-- One that goes well.
select reimbursement.enqueue_reimbursement(
    'US01', '2025-06-30', batches => 4, run_at => now() + interval '1 hour', description => 'June');
select is(pg_temp.state(), 'scheduled', 'a run for later is scheduled');
update reimbursement.jobs set run_at = now();
select is(pg_temp.state(), 'ready', 'when its time has come it is ready');
select is((select r.finished_at from reimbursement.runs as r), null, 'it has not finished');
select results_eq(
    $$ select r.kind::text collate "default", r.legal_entity_id::text collate "default", r.posting_date, r.description,
        r.requested_by, r.jobs, r.jobs_completed, r.error
    from reimbursement.runs as r $$,
    $$ values (
        'reimbursement', 'US01', date '2025-06-30', 'June', session_user::text collate "default", 4::bigint, 0::bigint, null::text) $$,
    'it says what was asked for, and by whom');
select pg_temp.attempt();
select is(pg_temp.state(), 'running', 'a run of which a job runs is running');
update reimbursement.jobs set state = 'ready' where state = 'running';
select pg_temp.complete_one();
select is(pg_temp.state(), 'running', 'and so it is while some jobs have ended and others wait');
select pg_temp.complete_one();
select pg_temp.complete_one();
select is((select r.jobs_completed from reimbursement.runs as r), 3::bigint, 'the jobs that completed are counted');
select pg_temp.complete_one();
select results_eq(
    $$ select r.state, r.finished_at is not null, r.jobs, r.jobs_completed, r.customers_reimbursed, r.customers_skipped,
        r.accounting_amount
    from reimbursement.runs as r $$,
    $$ values ('completed', true, 4::bigint, 4::bigint, 3::bigint, 1::bigint, 120.00) $$,
    'a run whose jobs have all completed has, with their totals');

-- One of which a batch fails.
select test.credit(c.account, 10) from (values ('A'), ('B'), ('C')) as c (account);
select reimbursement.enqueue_reimbursement('US01', '2025-06-30', batches => 3);
select pg_temp.fail_one('the first broke');
select is(pg_temp.state(), 'running', 'a failed batch does not stop the others');
select pg_temp.complete_one();
select is((select count(*) from reimbursement.reimbursement_report where run_id = test.last_run()), 1::bigint,
    'which reimburse their customers');
select pg_temp.fail_one('the third broke');
select results_eq(
    $$ select r.state, r.error, r.jobs_completed, r.customers_reimbursed, r.accounting_amount, r.finished_at is not null
    from reimbursement.runs as r where r.run_id = test.last_run() $$,
    $$ values ('failed', 'the first broke (SQLSTATE XX000)', 1::bigint, 1::bigint, 10.00, true) $$,
    'when all have ended the run has failed, with the first error and what was done');
select is((pg_temp.attempt()).job_id, null, 'it is not tried again by itself');

-- retry_run takes up what failed, and nothing else.
create temporary table completed_job as
select j.job_id, j.finished_at
from reimbursement.jobs as j where j.run_id = test.last_run() and j.state = 'completed';
select lives_ok('select reimbursement.retry_run(test.last_run())', 'a failed run is retried');
select results_eq(
    $$ select j.state, j.attempt, j.failed_attempts, j.lost_attempts, j.finished_at from reimbursement.jobs as j
    where j.run_id = test.last_run() and j.job_id <> (select c.job_id from completed_job as c) $$,
    $$ values ('ready', 1, 0, 0, null::timestamptz), ('ready', 1, 0, 0, null) $$,
    'its failed jobs are ready with all of their attempts, which go on being counted');
select results_eq(
    $$ select j.state, j.finished_at from reimbursement.jobs as j
    where j.job_id = (select c.job_id from completed_job as c) $$,
    $$ select 'completed', c.finished_at from completed_job as c $$,
    'what completed stays completed');
select is(pg_temp.state(), 'running', 'the run is running again');
select test.work_off();
select results_eq(
    $$ select r.state, r.error, r.customers_reimbursed, r.accounting_amount
    from reimbursement.runs as r where r.run_id = test.last_run() $$,
    $$ values ('completed', null::text, 3::bigint, 30.00) $$,
    'and completes, with every customer reimbursed once');
select is(
    (
        select array_agg(j.attempt order by j.job_id) from reimbursement.jobs as j where j.run_id = test.last_run()
    ),
    array[2, 1, 2], 'at the second attempt of what failed');

select throws_ok(
    format('select reimbursement.retry_run(%s)', r.run_id), 'RB020', null, format('not retried: %s', r.rule))
from (
    values (test.last_run()::text, 'a run that completed'), ('-1', 'a run that does not exist'), ('null', 'no run')
) as r (run_id, rule);
select reimbursement.enqueue_reimbursement('US01', '2025-06-30');
select throws_ok('select reimbursement.retry_run(test.last_run())', 'RB020', null, 'a run that is ready is not retried');

-- All combinations of two jobs' states, set behind the backs of the guards.
select reimbursement.enqueue_reimbursement('US01', '2025-06-30', batches => 2);
create function pg_temp.state_of(one text, other text) returns text
language sql set session_replication_role = replica
as $$
    update reimbursement.jobs as j
    set
        state = case j.batch when 1 then one else other end,
        run_at = case when (case j.batch when 1 then one else other end) = 'scheduled' then now() + interval '1 hour' else now() end
    where j.run_id = test.last_run();
    select pg_temp.state()
$$;
select is(pg_temp.state_of(s.one, s.other), s.state, format('a job is %s, the other %s: the run is %s', s.one, s.other, s.state))
from (
    values
    ('scheduled', 'scheduled', 'scheduled'), ('scheduled', 'ready', 'ready'), ('ready', 'running', 'running'),
    ('completed', 'running', 'running'), ('failed', 'ready', 'running'), ('completed', 'ready', 'running'),
    ('failed', 'completed', 'failed'), ('failed', 'cancelled', 'failed'), ('cancelled', 'completed', 'cancelled'),
    ('cancelled', 'cancelled', 'cancelled'), ('completed', 'completed', 'completed'),
    ('awaiting_approval', 'awaiting_approval', 'awaiting_approval')
) as s (one, other, state);

-- Whoever looks at the latest runs, or at one, does not read all there ever were.
set session_replication_role = replica;
insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices, requested_by)
select 'US01', 'reimbursement', '2025-01-01', '{}', 'somebody' from generate_series(1, 5000);
insert into reimbursement.jobs (legal_entity_id, run_id, kind, state, batch)
select r.legal_entity_id, r.run_id, r.kind, 'completed', 1
from reimbursement.run_requests as r where r.requested_by = 'somebody';
reset session_replication_role;
analyze reimbursement.run_requests, reimbursement.jobs;
create function pg_temp.buffers(query text) returns bigint
language plpgsql
as $$
declare
    v_plan json;
begin
    execute 'explain (analyze, buffers, format json) ' || query into v_plan;
    return (v_plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (v_plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
end
$$;
select cmp_ok(pg_temp.buffers('select * from reimbursement.runs order by run_id desc limit 5'), '<', 60::bigint,
    'the latest five runs of five thousand are read by themselves');
select cmp_ok(pg_temp.buffers('select * from reimbursement.runs where run_id = 77'), '<', 20::bigint, 'and so is one');

select * from finish();
