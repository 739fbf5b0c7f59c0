-- Jobs whose worker or backend is gone: found by their row lock, tried again, alone.
select plan(53);

select test.company(), test.company(legal_entity_id => 'US02');
select test.credit('ANN', 100);

create function pg_temp.enqueue(name text, queue text default 'default', legal_entity_id text default 'US01')
returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        enqueue.legal_entity_id, '2025-06-30', queue => enqueue.queue, description => enqueue.name)
$$;
create function pg_temp.job(name text) returns reimbursement.jobs
language sql
as $$
    select j
    from reimbursement.jobs as j
    inner join reimbursement.run_requests as r on r.run_id = j.run_id
    where r.description = job.name
$$;
create function pg_temp.claim(slots int, queue text default 'default') returns text[]
language sql
as $$
    select array_agg(r.description order by r.description)
    from reimbursement.claim_jobs('worker 1', claim.slots, claim.queue) as c
    inner join reimbursement.runs as r on r.run_id = c.run_id
$$;
-- As after a crash of the server, unless it is said that there was none.
create function pg_temp.rescue(grace interval, crash boolean default true) returns text[]
language sql
as $$
    select pg_stat_reset_shared('bgwriter') where rescue.crash;
    select array_agg(r.description || ': ' || s.state order by r.description)
    from reimbursement.rescue_jobs(rescue.grace) as s
    inner join reimbursement.runs as r on r.run_id = s.run_id
$$;
create function pg_temp.execute(name text, attempt int) returns void
language sql
as $$
    select reimbursement.execute_job(j.legal_entity_id, j.job_id, execute.attempt) from pg_temp.job(execute.name) as j
$$;
create function pg_temp.end_wait() returns void
language sql
as $$
    update reimbursement.jobs set run_at = now() where state = 'ready'
$$;

-- A job that nobody carries out is rescued after the grace; one that somebody does never is.
select pg_temp.enqueue('abandoned');
select pg_temp.claim(1);
select is(pg_temp.rescue('1 hour'), null, 'a worker has the time of the grace to begin its job');
select pg_temp.enqueue('transfer open');
select pg_temp.claim(1);
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(
    format(
        'do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01',
        (pg_temp.job('transfer open')).job_id));
set lock_timeout = '100ms';
select is(
    pg_temp.rescue('0'), array['abandoned: ready'], 'after it, a job without a transfer is ready again, one with a transfer is not');
reset lock_timeout;
select is((pg_temp.job('abandoned')).lost_attempts, 1, 'the lost attempt is counted');
select is((pg_temp.job('transfer open')).state, 'running', 'a transfer, however long, is never stolen');
select results_eq(
    'select attempt, kind, sqlstate, worker from reimbursement.job_errors', $$ values (1, 'lost', '08006', 'worker 1') $$,
    'the loss leaves a row');
select test.in_other_session('commit');
select is((pg_temp.job('transfer open')).state, 'completed', 'and completes');
select is(pg_temp.rescue('0'), null, 'a job that completed, or waits, is not rescued');

-- The worker that was thought gone wakes up.
select throws_ok(
    $$ select pg_temp.execute('abandoned', 1) $$, 'RB019', null, 'the attempt that was lost can no longer be carried out');

-- A job that was lost runs alone.
update reimbursement.jobs set run_at = now() + interval '1 hour' where state = 'ready';
select pg_temp.enqueue('innocent');
select is(pg_temp.claim(5), array['innocent'], 'while a lost job waits for its time, others run');
select pg_temp.end_wait();
select pg_temp.enqueue('second innocent');
select is(pg_temp.claim(5), null, 'when its time has come it waits for them, and others of its queue for it');
select pg_temp.execute('innocent', 1);
select is(pg_temp.claim(5), array['abandoned'], 'when nothing runs it does, alone');
select is((pg_temp.job('abandoned')).attempt, 2, 'under an attempt of its own');
select is(pg_temp.claim(5), null, 'and nothing starts beside it');
select pg_temp.enqueue('of another queue', 'other');
select pg_temp.enqueue('of another legal entity', legal_entity_id => 'US02');
select is(pg_temp.claim(5, 'other'), array['of another queue'], 'but another queue''s jobs do not wait for it');
select is(pg_temp.claim(5), array['of another legal entity'], 'nor do another legal entity''s');
select pg_temp.execute('of another legal entity', 1);
select pg_temp.execute('abandoned', 2);
select is(pg_temp.claim(5), array['second innocent'], 'afterwards the others run again');
select is((pg_temp.job('abandoned')).state, 'completed', 'a job that was lost once may complete');
select pg_temp.execute('second innocent', 1);
select test.in_other_session('begin');
select test.in_other_session(
    format(
        'do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01',
        (pg_temp.job('of another queue')).job_id));
select pg_temp.enqueue('lost beside a busy queue');
select pg_temp.claim(5);
select is(pg_temp.rescue('0'), array['lost beside a busy queue: ready'], 'one is lost while another queue works');
select pg_temp.end_wait();
select is(pg_temp.claim(5), array['lost beside a busy queue'], 'and does not wait for that queue, which may never rest');
select pg_temp.execute('lost beside a busy queue', 2);
select test.in_other_session('commit');

-- One that kills its backend every time is given up, and costs no other job an attempt.
select pg_temp.enqueue('killer');
select pg_temp.enqueue('bystander');
create temporary table losses as
select i as loss, null::text[] as claimed, null::text[] as rescued from generate_series(1, 5) as i where false;
do $$
begin
    for i in 1 .. 5 loop
        perform pg_temp.end_wait();
        update reimbursement.jobs set priority = -i where i > 1 and job_id = (pg_temp.job('bystander')).job_id;
        insert into losses values (i, pg_temp.claim(case when i = 1 then 1 else 5 end), pg_temp.rescue('0'));
    end loop;
end
$$;
select results_eq(
    'select rescued from losses order by loss',
    $$ values (array['killer: ready']), (array['killer: ready']), (array['killer: ready']), (array['killer: ready']),
        (array['killer: failed']) $$,
    'a job that is lost five times has failed');
select is(
    (select count(*) from losses where claimed = array['killer']), 5::bigint, 'each time it ran alone, before those with a smaller priority');
select is((pg_temp.job('bystander')).attempt, 0, 'so no other job has lost an attempt');
select is(pg_temp.claim(5), array['bystander'], 'which now may run');
select pg_temp.execute('bystander', 1);

select pg_temp.enqueue('one twin');
select pg_temp.enqueue('other twin');
select pg_temp.claim(2);
select pg_temp.rescue('0');
select pg_temp.end_wait();
select is(pg_temp.claim(5), array['one twin'], 'two jobs that were lost together run one after the other');
select pg_temp.execute('one twin', 2);
select is(pg_temp.claim(5), array['other twin'], 'for nobody knows which it was');
select pg_temp.execute('other twin', 2);

-- A crash of the server loses the jobs of every queue and legal entity.
select pg_temp.enqueue('poison');
select pg_temp.enqueue('entity twin', legal_entity_id => 'US02');
select pg_temp.enqueue('queue twin', 'other');
select pg_temp.claim(5), pg_temp.claim(5, 'other');
select pg_temp.rescue('0');
select is(pg_temp.claim(5), null, 'before their time has come, none of them runs');
select pg_temp.end_wait();
select pg_temp.enqueue('newcomer', legal_entity_id => 'US03')
from test.company(legal_entity_id => 'US03');
select is(
    pg_temp.claim(5), array['newcomer', 'poison'], 'then one of them does, and who was not there is beside it');
select is(pg_temp.claim(5), null, 'but no other of that crash, of another legal entity');
select is(pg_temp.claim(5, 'other'), null, 'or of another queue');
select is(pg_temp.rescue('0'), array['newcomer: ready', 'poison: ready'], 'the server crashes again');
select is(pg_temp.claim(5), array['entity twin'], 'while these wait, another has its turn');
select pg_temp.execute('entity twin', 2);
select is(pg_temp.claim(5, 'other'), array['queue twin'], 'and the last');
select pg_temp.execute('queue twin', 2);
select results_eq(
    $$ select (pg_temp.job(n)).attempt from unnest(array['entity twin', 'queue twin']) as n $$,
    'values (2), (2)', 'each was carried out twice, not five times');
select pg_temp.end_wait();
select test.open_other_session('claimer');
select test.in_other_session('begin', 'claimer');
select is(
    test.measured($$ (select count(*) from reimbursement.claim_jobs('worker 2', 1)) $$, 'claimer'), 1::bigint,
    'while somebody claims one of them');
set lock_timeout = '100ms';
select is(pg_temp.claim(5), null, 'nobody claims another, nor waits to know');
reset lock_timeout;
select test.in_other_session('commit', 'claimer');
update reimbursement.jobs set claimed_at = now() - interval '11 minutes' where state = 'running';
select is(
    pg_temp.claim(5), array['newcomer'], 'one that hangs is waited for no longer than ten minutes by who was not beside it');
select pg_temp.execute('newcomer', 2);
select is(pg_temp.claim(5), null, 'but by its own legal entity and queue');
select pg_temp.execute('poison', 3);

-- A row that says to run since a time to come, or since no time at all: it was never claimed.
select throws_ok(
    $$ update reimbursement.jobs set claimed_at = 'infinity' where state = 'completed' $$, '23514', null,
    'no job is claimed at the end of time'
);
select pg_temp.enqueue('beside strays', 'strays');
set session_replication_role = replica;
insert into reimbursement.jobs (legal_entity_id, run_id, kind, queue, state, batch, attempt, lost_attempts, is_suspect, claimed_at)
select 'US01', (pg_temp.job('beside strays')).run_id, 'reimbursement', 'other', 'running', 2, 1, 1, true, s.claimed_at
from (values (now() + interval '1 year'), (null)) as s (claimed_at);
reset session_replication_role;
select is(pg_temp.claim(1, 'strays'), array['beside strays'], 'a stray job that was lost before keeps no other queue waiting');
select bag_eq(
    $$ select s.state from reimbursement.rescue_jobs('5 seconds') as s $$, array['ready', 'ready'],
    'and is found to be lost, though it runs since a time to come or since no time at all'
);
set session_replication_role = replica;
delete from reimbursement.job_errors where job_id in (select j.job_id from reimbursement.jobs as j where j.batch = 2);
delete from reimbursement.jobs where batch = 2;
reset session_replication_role;
select pg_temp.execute('beside strays', 1);

-- Without a crash a first loss is taken for the worker's, a second for the job's.
select pg_temp.enqueue('worker killed'), pg_temp.enqueue('beside it');
select is(pg_temp.claim(1), array['worker killed'], 'a job is claimed');
select pg_sleep(0.01);
select is(pg_temp.rescue('0', crash => false), array['worker killed: ready'], 'and lost, though nothing crashed');
select is((pg_temp.job('worker killed')).is_suspect, false, 'it is not suspected for that');
select pg_temp.end_wait();
select is(pg_temp.claim(5), array['beside it', 'worker killed'], 'others run beside it');
select pg_temp.execute('beside it', 1);
select is(pg_temp.rescue('0', crash => false), array['worker killed: ready'], 'it is lost once more');
select is((pg_temp.job('worker killed')).is_suspect, true, 'now it is');
select pg_temp.end_wait();
select pg_temp.enqueue('after it');
select is(pg_temp.claim(5), array['worker killed'], 'and runs alone');
select pg_temp.execute('worker killed', 3);
select pg_temp.claim(5);
select pg_temp.execute('after it', 1);

-- When a queue has nothing to do.
select ok(reimbursement.queue_drained(), 'a queue of jobs that ended is drained');
select pg_temp.enqueue('waiting');
select ok(not reimbursement.queue_drained(), 'one with a job that is ready is not');
select pg_temp.claim(1);
select ok(not reimbursement.queue_drained(), 'nor one with a job that runs');
select reimbursement.fail_job('US01', j.job_id, 1, 'failed', '40001', 'it broke') from pg_temp.job('waiting') as j;
select ok(not reimbursement.queue_drained(), 'nor one with a job that waits for its next attempt');
select pg_temp.end_wait();
select test.work_off();
select reimbursement.enqueue_reimbursement('US01', '2025-06-30', run_at => now() + interval '1 hour');
select reimbursement.enqueue_reimbursement('US01', '2025-06-30', queue => 'other');
select ok(reimbursement.queue_drained(), 'jobs for later, or of another queue, do not count');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
