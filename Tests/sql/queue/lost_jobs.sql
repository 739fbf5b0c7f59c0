-- Jobs whose worker or backend is gone: found by their row lock, tried again, alone.
select plan(35);

select test.company();
select test.credit('ANN', 100);

create function pg_temp.enqueue(name text, queue text default 'default') returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement('US01', '2025-06-30', queue => enqueue.queue, description => enqueue.name)
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
create function pg_temp.rescue(grace interval) returns text[]
language sql
as $$
    select array_agg(r.description || ': ' || s.state order by r.description)
    from reimbursement.rescue_jobs(rescue.grace) as s
    inner join reimbursement.runs as r on r.run_id = s.run_id
$$;
create function pg_temp.execute(name text, attempt int) returns void
language sql
as $$
    select reimbursement.execute_job('US01', (pg_temp.job(execute.name)).job_id, execute.attempt)
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
select is(pg_temp.claim(5, 'other'), null, 'of another queue neither');
select pg_temp.execute('abandoned', 2);
select is(pg_temp.claim(5), array['second innocent'], 'afterwards the others run again');
select is(pg_temp.claim(5, 'other'), array['of another queue'], 'of all queues');
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

-- A row that says to run since a time to come, or since no time at all: it was never claimed.
select throws_ok(
    $$ update reimbursement.jobs set claimed_at = 'infinity' where state = 'completed' $$, '23514', null,
    'no job is claimed at the end of time'
);
create temporary table strays (claimed_at timestamptz);
insert into strays values (now() + interval '1 year'), (null);
select pg_temp.enqueue('innocent', 'strays');
insert into reimbursement.jobs (legal_entity_id, run_id, kind, queue, state, batch, attempt, lost_attempts, claimed_at)
select 'US01', (pg_temp.job('innocent')).run_id, 'reimbursement', 'other', 'running', 2, 1, 1, s.claimed_at
from strays as s;
select is(pg_temp.claim(1, 'strays'), null, 'a stray job that was lost before keeps the claims waiting');
select bag_eq(
    $$ select s.state from reimbursement.rescue_jobs('5 seconds') as s $$, array['ready', 'ready'],
    'until it is found to be lost, though it runs since a time to come or since no time at all'
);
select is(pg_temp.claim(1, 'strays'), array['innocent'], 'then they go on');
delete from reimbursement.job_errors where job_id in (select j.job_id from reimbursement.jobs as j where j.batch = 2);
delete from reimbursement.jobs where batch = 2;
select test.work_off('strays');
update reimbursement.jobs set state = 'ready' where queue = 'strays' and state = 'running';
select test.work_off('strays');

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
