-- Legal entities take turns in a queue, and have limits there; what claims look back to.
select plan(46);

select test.company(legal_entity_id => e.legal_entity_id)
from (values ('LARGE'), ('MEDIUM'), ('SMALL')) as e (legal_entity_id);
create function pg_temp.enqueue(
    legal_entity_id text, jobs int, priority int default 0, run_at timestamptz default now(), queue text default 'default'
) returns void
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        enqueue.legal_entity_id, '2025-06-30', priority => enqueue.priority, run_at => enqueue.run_at, queue => enqueue.queue,
        description => format('%s %s', enqueue.legal_entity_id, i))
    from generate_series(1, enqueue.jobs) as i
$$;
-- Claims jobs, and says of whom, in the order of the passes.
create function pg_temp.claim(passes int, jobs_per_pass int default 1, queue text default 'default') returns text
language sql
as $$
    select string_agg(p.legal_entity_id, ' ' order by p.pass)
    from (
        select c.pass, min(c.legal_entity_id) as legal_entity_id
        from reimbursement.claim_passes('worker', claim.passes, claim.jobs_per_pass, claim.queue) as c
        group by c.pass
    ) as p
$$;
create function pg_temp.end_all() returns void
language sql
as $$
    select reimbursement.execute_job(j.legal_entity_id, j.job_id, j.attempt)
    from reimbursement.jobs as j
    where j.state = 'running'
$$;

-- A thousand jobs of one keep nobody else waiting.
select pg_temp.enqueue('LARGE', 50), pg_temp.enqueue('SMALL', 2);
select is(pg_temp.claim(1), 'LARGE', 'one that has nobody before it begins');
select is(pg_temp.claim(1), 'SMALL', 'then the other has its turn, though its job came last');
select is(pg_temp.claim(1), 'LARGE', 'then the first again');
select is(pg_temp.claim(1), 'SMALL', 'and the other');
select is(pg_temp.claim(3), 'LARGE LARGE LARGE', 'who is alone has every slot');
select pg_temp.enqueue('MEDIUM', 2), pg_temp.enqueue('SMALL', 1);
select is(pg_temp.claim(5), 'LARGE MEDIUM SMALL LARGE MEDIUM', 'several slots are shared out by turns as well');
select pg_temp.enqueue('SMALL', 1, priority => -1);
select is(pg_temp.claim(2), 'SMALL LARGE', 'a smaller priority is before all turns');
select is(
    (select string_agg(r.description, ', ' order by j.claimed_at)
        from reimbursement.jobs as j
        inner join reimbursement.run_requests as r on r.run_id = j.run_id
        where j.legal_entity_id = 'LARGE' and j.state = 'running'),
    'LARGE 1, LARGE 2, LARGE 3, LARGE 4, LARGE 5, LARGE 6, LARGE 7, LARGE 8', 'of one legal entity they run as they came');
select pg_temp.end_all();

-- Two that claim at the same time.
select test.open_other_session('claimer');
delete from reimbursement.claim_turns;
select pg_temp.enqueue('MEDIUM', 1, queue => 'pair'), pg_temp.enqueue('SMALL', 1, queue => 'pair');
select test.in_other_session('begin', 'claimer');
select is(
    test.measured($$ (select count(*) from reimbursement.claim_jobs('worker 2', 1, 'pair')) $$, 'claimer'), 1::bigint,
    'while somebody claims the only job of whose turn it is');
select is(pg_temp.claim(1, queue => 'pair'), 'SMALL', 'the next has his turn');
select test.in_other_session('rollback', 'claimer');
select pg_temp.claim(1, queue => 'pair');
select pg_temp.end_all();

-- Limits.
select is(pg_temp.claim(0), null, 'no slot, no job');
select lives_ok($$ select reimbursement.limit_jobs('default', 'LARGE', running => 2) $$, 'a legal entity is limited');
select is(pg_temp.claim(5), 'LARGE LARGE', 'and gets no more slots than that');
select pg_temp.enqueue('SMALL', 2);
select is(pg_temp.claim(5), 'SMALL SMALL', 'the others have theirs');
select is(pg_temp.claim(5), null, 'and it gets none while its jobs run');
select is(
    (select string_agg(distinct w.why, ', ') from reimbursement.waiting_jobs as w where w.legal_entity_id = 'LARGE'),
    'no_worker', 'without a worker that says it is there, that is why the others wait');
select reimbursement.report_worker('another', 'default', 9, '1 second', '26', '{}');
select pg_temp.claim(2);
select is(
    (select string_agg(distinct w.why, ', ') from reimbursement.waiting_jobs as w where w.legal_entity_id = 'LARGE'),
    'entity_at_limit', 'with one, the limit is');
select pg_temp.end_all();
select test.in_other_session('begin', 'claimer');
select is(
    test.measured($$ (select count(*) from reimbursement.claim_jobs('worker 2', 1)) $$, 'claimer'), 1::bigint,
    'while somebody claims for it');
set lock_timeout = '100ms';
select is(pg_temp.claim(5), null, 'nobody else does, nor waits to know: together they never go beyond the limit');
reset lock_timeout;
select test.in_other_session('commit', 'claimer');
select is(pg_temp.claim(5), 'LARGE', 'afterwards there is room for one more');
select pg_temp.end_all();
select pg_temp.enqueue('LARGE', 3, queue => 'other');
select is(pg_temp.claim(5, queue => 'other'), 'LARGE LARGE LARGE', 'another queue has no limit');
select pg_temp.end_all();
select reimbursement.limit_jobs('default', 'LARGE', running => 0);
select is(pg_temp.claim(5), null, 'with a limit of 0 nothing runs');
select reimbursement.limit_jobs('default', 'LARGE', running => 1);
select test.credit('C' || i, 1, legal_entity_id => 'LARGE') from generate_series(1, 4) as i;
select reimbursement.enqueue_reimbursement(
    'LARGE', '2025-06-30', customer_filter => 'C' || i, priority => -5) from generate_series(1, 4) as i;
select is((select count(*) from reimbursement.claim_passes('worker', 3, 10)), 1::bigint, 'jobs that share a pass are counted each');
select pg_temp.end_all();
select lives_ok($$ select reimbursement.limit_jobs('default', 'LARGE') $$, 'without numbers there is no limit any more');
select is((select count(*) from reimbursement.claim_passes('worker', 3, 10) as c where c.pass = 1), 3::bigint, 'and all of a pass is claimed');
select pg_temp.end_all();

-- What may wait.
select reimbursement.limit_jobs('narrow', 'SMALL', waiting => 2);
select pg_temp.enqueue('SMALL', 1, queue => 'narrow');
select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('SMALL', '2025-06-30', queue => 'narrow', batches => 2) $$, 'RB078',
    'legal entity "SMALL" has 1 jobs waiting in queue "narrow": 2 more would be over its limit of 2',
    'nothing is enqueued beyond the limit of what waits');
select lives_ok($$ select pg_temp.enqueue('SMALL', 1, queue => 'narrow', priority => 3) $$, 'up to it, of whatever priority');
select throws_ok($$ select pg_temp.enqueue('SMALL', 1, queue => 'narrow') $$, 'RB078', null, 'and no more');
select lives_ok($$ select pg_temp.enqueue('LARGE', 9, queue => 'narrow') $$, 'another legal entity does not feel it');
select pg_temp.claim(1, queue => 'narrow');
select pg_temp.claim(1, queue => 'narrow');
select pg_temp.claim(1, queue => 'narrow');
select lives_ok($$ select pg_temp.enqueue('SMALL', 1, queue => 'narrow') $$, 'what runs waits no longer');
select pg_temp.end_all();

select throws_ok($$ select reimbursement.limit_jobs('default', 'LARGE', running => -1) $$, 'RB008', 'running is -1: give 0 or more',
    'a limit below 0 is refused');
select throws_ok($$ select reimbursement.limit_jobs('default', 'LARGE', waiting => -1) $$, 'RB008', 'waiting is -1: give 0 or more',
    'of what waits, too');
select throws_ok($$ select reimbursement.limit_jobs('a queue', 'LARGE', 1) $$, 'RB008', null, 'and a queue that has no such name');
select throws_ok($$ select reimbursement.limit_jobs('default', 'NONE', 1) $$, 'RB001', null, 'and a legal entity that there is not');
select throws_ok($$ insert into reimbursement.job_limits values ('default', 'LARGE', -1) $$, '23514', null,
    'the table refuses it by itself');

-- Timeouts.
select throws_ok(
    format($$ select reimbursement.enqueue_reimbursement('LARGE', '2025-06-30', timeout => %L) $$, t), 'RB008', null,
    format('a timeout of %s is refused', t))
from unnest(array['0', '-1 hour', '100 milliseconds', '1 year']) as t;
select reimbursement.enqueue_reimbursement('LARGE', '2025-06-30', customer_filter => 'C1', timeout => '90 seconds', priority => -9);
select reimbursement.enqueue_reimbursement('LARGE', '2025-06-30', customer_filter => 'C2', priority => -9);
select results_eq(
    $$ select c.pass, c.timeout_seconds from reimbursement.claim_passes('worker', 2, 10) as c where c.pass < 3 order by 1 $$,
    'values (1::bigint, 90::double precision), (2, null)', 'a worker is told the timeout, and the job shares no pass');
select pg_temp.end_all();

-- Claims look back no farther than they need to, and find everything all the same.
create function pg_temp.bound() returns void
language sql
as $$
    delete from reimbursement.claim_bounds;
    insert into reimbursement.claim_bounds (queue, waiting_from, running_from, is_whole)
    values ('bounded', clock_timestamp() - interval '2 seconds', clock_timestamp() - interval '2 seconds', true)
$$;
select pg_temp.bound();
select pg_temp.enqueue('SMALL', 1, queue => 'bounded', run_at => now() - interval '1 day');
select is(pg_temp.claim(1, queue => 'bounded'), 'SMALL', 'a job that is enqueued to be due since yesterday is found at once');
select pg_temp.bound();
select reimbursement.release_jobs(j.legal_entity_id, array[j.job_id], array[j.attempt])
from reimbursement.jobs as j where j.state = 'running';
select is(pg_temp.claim(1, queue => 'bounded'), 'SMALL', 'and when it is given back');
select pg_temp.end_all();
select pg_temp.bound();
select pg_temp.enqueue('SMALL', 1, queue => 'bounded');
update reimbursement.jobs set priority = 7 where state = 'ready' and queue = 'bounded';
select is(pg_temp.claim(1, queue => 'bounded'), 'SMALL', 'and one whose priority is changed');
select pg_temp.end_all();
select pg_temp.bound();
begin;
select pg_temp.enqueue('SMALL', 1, queue => 'bounded');
select pg_sleep(1.1);
select test.in_other_session(
    $$ insert into reimbursement.claim_bounds (queue, waiting_from, running_from) values ('bounded', clock_timestamp(), clock_timestamp()) $$,
    'claimer');
commit;
select is(pg_temp.claim(1, queue => 'bounded'), 'SMALL', 'and one that is enqueued long before it is committed');
select pg_temp.end_all();
select pg_temp.enqueue('SMALL', 1, queue => 'bounded', run_at => now() - interval '1 day');
delete from reimbursement.claim_bounds;
delete from reimbursement.waiting_lists;
insert into reimbursement.claim_bounds (queue, at, waiting_from, running_from, is_whole)
values ('bounded', clock_timestamp() - interval '9 seconds', clock_timestamp(), clock_timestamp(), true);
select is(pg_temp.claim(1, queue => 'bounded'), null, 'one of which nobody was told is not');
update reimbursement.claim_bounds set at = at - interval '2 seconds';
select pg_temp.claim(1, queue => 'bounded');
select is(pg_temp.claim(1, queue => 'bounded'), 'SMALL', 'until somebody looks from the beginning, every ten seconds');

select * from finish();
