-- Workers that say that they are there, what is taken from whom, and why a job waits.
select plan(53);

select test.company(), test.company(legal_entity_id => 'US02');
-- The server began a moment ago, and other tests have it forget its statistics: here it crashes when it is told to.
create or replace function reimbursement.has_crashed_since(p_time timestamptz) returns boolean
language sql volatile
as $$
    select coalesce(current_setting('test.crashed_at', true)::timestamptz > p_time, false)
$$;
create function pg_temp.enqueue(
    name text, queue text default 'default', legal_entity_id text default 'US01', run_at timestamptz default now()
) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        enqueue.legal_entity_id, '2025-06-30', queue => enqueue.queue, run_at => enqueue.run_at, description => enqueue.name)
$$;
create function pg_temp.job(name text) returns reimbursement.jobs
language sql
as $$
    select j
    from reimbursement.jobs as j
    inner join reimbursement.run_requests as r on r.run_id = j.run_id
    where r.description = job.name
$$;
create function pg_temp.claim(worker text, slots int default 1) returns text
language sql
as $$
    select string_agg(r.description, ' ' order by r.run_id)
    from reimbursement.claim_jobs(claim.worker, claim.slots) as c
    inner join reimbursement.runs as r on r.run_id = c.run_id
$$;
create function pg_temp.start(name text) returns void
language sql
as $$
    select reimbursement.begin_jobs(j.legal_entity_id, array[j.job_id], array[j.attempt]) from pg_temp.job(start.name) as j
$$;
create function pg_temp.report(worker text, jobs text [] default '{}', queue text default 'default') returns int
language sql
as $$
    select reimbursement.report_worker(
        report.worker, report.queue, 2, '1 second', '26',
        coalesce((select array_agg((pg_temp.job(n)).job_id) from unnest(report.jobs) as n), '{}'))
$$;
create function pg_temp.age(worker text, age interval) returns void
language sql
as $$
    update reimbursement.connected_workers as w set seen_at = clock_timestamp() - age.age where w.worker = age.worker
$$;
create function pg_temp.rescue() returns text
language sql
as $$
    select pg_sleep(0.35);
    select string_agg(r.description || ' ' || s.state, ', ' order by r.run_id)
    from reimbursement.rescue_jobs() as s
    inner join reimbursement.runs as r on r.run_id = s.run_id
$$;
create function pg_temp.since(name text, age interval) returns void
language sql
as $$
    update reimbursement.jobs as j
    set
        claimed_at = case when j.begun_at is null then clock_timestamp() - since.age else j.claimed_at end,
        begun_at = j.begun_at - since.age
    where j.job_id = (pg_temp.job(since.name)).job_id
$$;

select is_empty('select * from reimbursement.workers', 'nobody has said that he is there');
select pg_temp.report('ann'), pg_temp.report('bob');
select results_eq(
    $$ select worker, queue, slots, running, version from reimbursement.workers order by worker $$,
    $$ values ('ann', 'default' collate "C", 2, 0::bigint, '26'), ('bob', 'default', 2, 0, '26') $$, 'two have');
select pg_temp.age('ann', '20 seconds');
select is((select string_agg(w.worker, ' ') from reimbursement.workers as w), 'bob', 'one that has been silent is not shown');
select reimbursement.retire_worker('bob');
select is((select count(*) from reimbursement.workers), 0::bigint, 'nor is one that has ended');
select pg_temp.age('ann', '2 days'), pg_temp.report('bob');
select is((select string_agg(w.worker, ' ') from reimbursement.connected_workers as w), 'bob',
    'after a day it is forgotten');

-- What was claimed and the answer never came.
select pg_temp.enqueue('known'), pg_temp.enqueue('unknown');
select is(pg_temp.claim('bob', 2), 'known unknown', 'two jobs are claimed');
select is((select w.running from reimbursement.workers as w), 2::bigint, 'and shown with their worker');
select is(pg_temp.report('bob', array['known']), 1, 'the worker knows of one');
select results_eq(
    $$ select state, attempt, failed_attempts, lost_attempts from pg_temp.job('unknown') $$, $$ values ('ready', 1, 0, 0) $$,
    'the other is given back at no cost');
select is((pg_temp.job('known')).state, 'running', 'what it knows of is left to it');
select is(pg_temp.report('ann'), 0, 'a worker gives back nothing of another''s');
select pg_temp.start('known');
select is(pg_temp.report('bob'), 0, 'nor what has begun, whatever it says');
select is_empty('select * from reimbursement.job_errors', 'none of that is a failure');
select is(pg_temp.claim('ann'), 'unknown', 'it is claimed again');

-- What is only claimed waits for its worker as long as that is there.
select pg_temp.since('unknown', '1 hour'), pg_temp.since('known', '2 seconds');
select pg_temp.report('ann', array['unknown']);
select is(pg_temp.rescue(), null, 'one that has begun and has no transfer is found, and its worker may say why');
select is(pg_temp.rescue(), 'known ready', 'when it does not, it is lost');
select is((pg_temp.job('unknown')).state, 'running',
    'one that has not begun for an hour is not, while its worker says that it is there: it waits for a connection');
select results_eq(
    $$ select lost_attempts, run_at <= clock_timestamp() from pg_temp.job('known') $$, 'values (1, true)',
    'what was lost for the first time is tried again at once');
select pg_temp.age('ann', '11 seconds');
select is(pg_temp.rescue(), 'unknown ready', 'when its worker has been silent, it is given back');
select results_eq(
    $$ select state, attempt, failed_attempts, lost_attempts, worker from pg_temp.job('unknown') $$,
    $$ values ('ready', 2, 0, 0, null::text) $$, 'at no cost, for nothing was tried');
select is((select count(*) from reimbursement.job_errors), 1::bigint, 'and without an error');
select pg_temp.report('ann');
select is(pg_temp.claim('ann', 2), 'known unknown', 'both are claimed');
select pg_temp.start('known'), pg_temp.since('known', '2 seconds');
select pg_temp.since('unknown', '1 hour'), pg_temp.age('ann', '15 seconds');
select pg_temp.rescue();
select is(pg_temp.rescue(), 'known ready',
    'each time it waits twice as long, so that two that wait for one connection do not take turns for ever');
select pg_temp.age('ann', '50 seconds');
select is(pg_temp.rescue(), 'unknown ready', 'but in the end it is given back');
update reimbursement.jobs set run_at = now(), is_suspect = false where state = 'ready';

-- Of a worker that says nothing of itself.
select pg_temp.claim('stranger', 2);
select is(pg_temp.rescue(), null, 'one that says nothing has the grace');
select pg_temp.since('unknown', '6 seconds');
select is(pg_temp.rescue(), 'unknown ready', 'after it, its job is lost');
select is((pg_temp.job('unknown')).lost_attempts, 1, 'and that is counted');
select pg_temp.start('known');
select is((select count(*) from reimbursement.rescue_jobs()), 0::bigint, 'what has just begun may not have come to its lock');
select is((pg_temp.job('known')).missing_since, null, 'and is not missed');
select pg_temp.since('known', '2 seconds');
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(format($$ do $do$ begin perform reimbursement.execute_job('US01', %s, %s); end $do$ $$,
    (pg_temp.job('known')).job_id, (pg_temp.job('known')).attempt));
select is(pg_temp.rescue(), null, 'with its lock it is never taken');
select test.in_other_session('rollback');
select pg_temp.rescue();
select is(pg_temp.rescue(), 'known ready', 'without it is lost');
select is(reimbursement.begin_jobs('US01', array[(pg_temp.job('known')).job_id], array[1])::text, '', 'an attempt that is over does not begin');
select is((pg_temp.job('known')).begun_at, null, 'whoever says so');

-- A connection that is lost before the transfer begins.
update reimbursement.jobs set run_at = now(), is_suspect = false where state = 'ready';
select pg_temp.report('ann'), pg_temp.claim('ann', 2);
create temporary table before as select job_id, lost_attempts from reimbursement.jobs;
select is(
    reimbursement.fail_job(j.legal_entity_id, j.job_id, j.attempt, 'lost', '08P01', 'query_wait_timeout'), 'ready',
    'a pool that had no connection for a job is no fault of it')
from pg_temp.job('known') as j;
select pg_temp.start('unknown');
select reimbursement.fail_job(j.legal_entity_id, j.job_id, j.attempt, 'lost', '08006', 'gone') from pg_temp.job('unknown') as j;
select results_eq(
    $$ select r.description collate "C", j.lost_attempts - b.lost_attempts
    from before as b
    inner join reimbursement.jobs as j on j.job_id = b.job_id
    inner join reimbursement.run_requests as r on r.run_id = j.run_id
    order by 1 $$,
    $$ values ('known' collate "C", 0), ('unknown', 1) $$, 'only what had begun is counted as lost');

-- A crash of the server may have forgotten that a job had begun.
update reimbursement.jobs set run_at = now(), is_suspect = false where state = 'ready';
select pg_temp.claim('ann', 2);
select set_config('test.crashed_at', clock_timestamp()::text, false);
delete from before;
insert into before select job_id, lost_attempts from reimbursement.jobs;
select reimbursement.fail_job(j.legal_entity_id, j.job_id, j.attempt, 'lost', '57P02', 'crash') from pg_temp.job('known') as j;
select pg_temp.since('unknown', '10 minutes'), pg_temp.age('ann', '10 minutes');
update reimbursement.jobs set claimed_at = now() - interval '10 minutes' where job_id = (pg_temp.job('unknown')).job_id;
select is(pg_temp.rescue(), 'unknown ready', 'after a crash, what was only claimed may have begun');
select results_eq(
    $$ select r.description collate "C", j.lost_attempts - b.lost_attempts, j.is_suspect
    from before as b
    inner join reimbursement.jobs as j on j.job_id = b.job_id
    inner join reimbursement.run_requests as r on r.run_id = j.run_id
    order by 1 $$,
    $$ values ('known' collate "C", 1, true), ('unknown', 1, true) $$, 'so that one which brings it down is found out');
select pg_temp.report('ann'), set_config('test.crashed_at', '-infinity', false);

-- Somebody cancels a run while its job fails: neither sees the other.
select pg_temp.enqueue('torn');
update reimbursement.jobs set run_at = now() + interval '1 hour' where job_id <> (pg_temp.job('torn')).job_id and state = 'ready';
select pg_temp.claim('ann');
select test.in_other_session('begin');
select test.in_other_session(format($$ do $do$ begin
    perform reimbursement.fail_job('US01', %s, 1, 'failed', '40001', 'x'); end $do$ $$, (pg_temp.job('torn')).job_id));
select reimbursement.cancel_run((pg_temp.job('torn')).run_id);
select test.in_other_session('commit');
select is((pg_temp.job('torn')).state, 'ready', 'the job is ready, though its run was cancelled');
select pg_temp.rescue();
select is((pg_temp.job('torn')).state, 'cancelled', 'whoever looks for lost jobs cancels it');

-- Which attempts are over.
create function pg_temp.forgive() returns void
language sql
as $$
    update reimbursement.jobs set run_at = now(), is_suspect = false where state = 'ready'
$$;
select pg_temp.forgive();
select pg_temp.claim('ann', 2);
select is(
    (select array_agg(e) from reimbursement.ended_attempts(
        array[(pg_temp.job('unknown')).job_id, (pg_temp.job('unknown')).job_id, -1],
        array[(pg_temp.job('unknown')).attempt, 1, 1]) as e),
    array[(pg_temp.job('unknown')).job_id, -1], 'an attempt is over when another has taken its place, or there is no such job');
-- One whose claim took long to commit, so that others came to look no farther back than to now.
delete from reimbursement.claim_bounds;
insert into reimbursement.claim_bounds (queue, at, waiting_from, running_from, is_whole)
values ('default', clock_timestamp() - interval '5 seconds', clock_timestamp(), clock_timestamp(), true);
select is_empty(
    $$ select reimbursement.ended_attempts(array[j.job_id], array[j.attempt]) from pg_temp.job('unknown') as j $$,
    'a live attempt is never taken for one that is over');
select reimbursement.begin_jobs('US01', array[j.job_id], array[j.attempt]) from pg_temp.job('unknown') as j;
select pg_temp.since('unknown', '2 seconds'), pg_temp.rescue();
select isnt((pg_temp.job('unknown')).state, 'ready', 'it may be overlooked by who looks for lost jobs');
update reimbursement.claim_bounds set at = at - interval '10 seconds';
select pg_temp.rescue(), pg_temp.rescue();
select is((pg_temp.job('unknown')).state, 'ready', 'for ten seconds at most');
select reimbursement.release_jobs(j.legal_entity_id, array[j.job_id], array[j.attempt])
from reimbursement.jobs as j where j.state = 'running';
select pg_temp.forgive();

-- Why a job waits.
create function pg_temp.why(name text) returns text
language sql
as $$
    select w.why from reimbursement.waiting_jobs as w where w.job_id = (pg_temp.job(why.name)).job_id
$$;
select pg_temp.report('ann');
select is(pg_temp.why('unknown'), 'no_free_slot', 'it is about to be claimed');
select pg_temp.enqueue('later', run_at => now() + interval '1 hour');
select is(pg_temp.why('later'), 'scheduled', 'its time has not come');
select pg_temp.enqueue('elsewhere', queue => 'lonely');
select is(pg_temp.why('elsewhere'), 'no_worker', 'nobody works on its queue');
select reimbursement.pause_queue('default', 'audit');
select is(pg_temp.why('unknown'), 'queue_paused', 'its queue is paused');
select reimbursement.resume_queue('default');
update reimbursement.jobs set run_at = now() - interval '1 minute' where job_id = (pg_temp.job('unknown')).job_id;
select is(pg_temp.why('unknown'), 'locked', 'a slot is free, it is due, and nobody can have it: its row is locked');
select pg_temp.claim('ann');
select reimbursement.fail_job('US01', j.job_id, j.attempt, 'failed', '40001', 'x') from reimbursement.jobs as j where j.state = 'running';
select is(
    (select string_agg(w.why, ' ') from reimbursement.waiting_jobs as w where w.run_at > now() and w.state = 'ready'), 'retry',
    'it waits for its next attempt');
update reimbursement.jobs set is_suspect = true, run_at = now() where job_id = (pg_temp.job('known')).job_id;
select is(pg_temp.why('known'), 'suspect_runs_alone', 'a suspect runs alone');
select pg_temp.enqueue('neighbour'), pg_temp.enqueue('bystander', legal_entity_id => 'US02');
select is(pg_temp.why('neighbour'), 'suspect_runs_alone', 'and its neighbours wait for it');
select is(pg_temp.why('bystander'), 'no_free_slot', 'but no other legal entity');
insert into reimbursement.approval_rules (legal_entity_id, kind) values ('US02', 'reimbursement');
select test.credit('ANN', 10, legal_entity_id => 'US02');
select pg_temp.enqueue('to approve', legal_entity_id => 'US02');
select is(pg_temp.why('to approve'), 'awaiting_approval', 'it waits for an approval');

select * from finish();
