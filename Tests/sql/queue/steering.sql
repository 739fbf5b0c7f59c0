-- Cancelling runs, pausing queues.
select plan(43);

select test.company(), test.company(legal_entity_id => 'US02');
select test.credit(c.account, 100) from (values ('ANN'), ('BOB'), ('CAT'), ('DAN')) as c (account);
create function pg_temp.enqueue(name text, arguments text default '') returns bigint
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    execute format(
        'select reimbursement.enqueue_reimbursement(''US01'', ''2025-06-30'', description => %L %s)', enqueue.name,
        enqueue.arguments) into v_run_id;
    return v_run_id;
end
$$;
create function pg_temp.run(name text) returns bigint
language sql
as $$
    select r.run_id from reimbursement.run_requests as r where r.description = run.name
$$;
create function pg_temp.states(name text) returns text
language sql
as $$
    select string_agg(j.state, ' ' order by j.job_id) from reimbursement.jobs as j where j.run_id = pg_temp.run(states.name)
$$;
create function pg_temp.cancel(name text, reason text default null) returns void
language sql
as $$
    select reimbursement.cancel_run(pg_temp.run(cancel.name), cancel.reason)
$$;

-- What waits is cancelled at once.
select pg_temp.enqueue('waiting', ', batches => 2');
select lives_ok($$ select pg_temp.cancel('waiting', 'by mistake') $$, 'a run that waits is cancelled');
select is(pg_temp.states('waiting'), 'cancelled cancelled', 'all of its jobs are');
select results_eq(
    $$ select state, error::text collate "C", finished_at is not null
    from reimbursement.runs where description = 'waiting' $$,
    $$ select 'cancelled', format('cancelled by %s: by mistake', session_user) collate "C", true $$, 'the run says who did it, and why');
select is((select count(*) from reimbursement.claim_jobs('w', 5)), 0::bigint, 'and none of them is claimed');
select lives_ok($$ select pg_temp.cancel('waiting') $$, 'cancelled once more, it only says so');
select is((select count(*) from reimbursement.cancel_requests), 1::bigint, 'and writes nothing');
select throws_ok($$ select reimbursement.retry_run(pg_temp.run('waiting')) $$, 'RB020', null,
    'a run that was cancelled is not taken up again');
select pg_temp.enqueue('later', $$, run_at => now() + interval '1 day'$$);
select pg_temp.cancel('later');
select is(pg_temp.states('later'), 'cancelled', 'one that is scheduled for later is cancelled');

-- What runs is stopped before it begins, or before it completes, and nothing of it is kept.
create temporary table claimed (name text, legal_entity_id text, job_id bigint, attempt int);
create function pg_temp.claim(name text) returns void
language sql
as $$
    insert into claimed select claim.name, c.legal_entity_id, c.job_id, c.attempt
    from reimbursement.claim_jobs('w', 1) as c
$$;
select pg_temp.enqueue('claimed', $$, customer_filter => 'ANN'$$);
select pg_temp.claim('claimed');
select pg_temp.cancel('claimed');
select is(pg_temp.states('claimed'), 'running', 'what runs is left to its worker');
select is(
    (select array_agg(j.job_id) from claimed as c, reimbursement.cancelled_jobs(array[c.job_id, 0]) as j (job_id)
        where c.name = 'claimed'),
    (select array_agg(c.job_id) from claimed as c where c.name = 'claimed'), 'who finds it among those that are to be stopped');
select throws_ok(
    format('select reimbursement.execute_job(%L, %s, %s)', c.legal_entity_id, c.job_id, c.attempt), 'RB072', null,
    'a transfer that has not begun does not begin')
from claimed as c where c.name = 'claimed';
select is(reimbursement.fail_job(c.legal_entity_id, c.job_id, c.attempt, 'failed', '57014', 'stopped'), 'cancelled',
    'its attempt ends cancelled')
from claimed as c where c.name = 'claimed';
select is((select count(*) from reimbursement.job_errors), 0::bigint, 'which is no failure');
select is((select count(*) from reimbursement.reimbursement_report), 0::bigint, 'and nothing was reimbursed');

-- In the middle of the transfer: the request commits while the transfer waits for a customer.
select test.open_other_session();
select test.open_other_session('third');
select pg_temp.enqueue('running', $$, customer_filter => 'ANN..BOB'$$);
select pg_temp.claim('running');
select test.in_other_session('begin');
select test.in_other_session($$ update reimbursement.customers set name = 'B' where customer_account = 'BOB' $$);
select test.wait_in_other_session(
    format('select reimbursement.execute_job(%L, %s, %s)', c.legal_entity_id, c.job_id, c.attempt), 'third')
from claimed as c where c.name = 'running';
select lives_ok($$ select pg_temp.cancel('running') $$, 'cancelling waits for no transfer');
select test.in_other_session('commit');
select alike(test.end_of_wait('third'), '%is cancelled by%', 'a transfer looks once more before it completes');
select is((select count(*) from reimbursement.reimbursement_report), 0::bigint, 'and nothing of it is kept');
select is(
    (select array_agg(r.state) from reimbursement.rescue_jobs('0 seconds') as r), array['cancelled'],
    'one whose worker is gone is cancelled when it is found');
select is(pg_temp.states('running'), 'cancelled', 'and stays so');

-- A pass of which one is cancelled.
select pg_temp.enqueue('small 1', $$, customer_filter => 'CAT'$$);
select pg_temp.enqueue('small 2', $$, customer_filter => 'DAN'$$);
create temporary table pass as select * from reimbursement.claim_passes('w', 1, 10);
select is((select count(*) from pass), 2::bigint, 'two small jobs share a pass');
select pg_temp.cancel('small 1');
select throws_ok(
    $$ select reimbursement.execute_jobs(min(legal_entity_id), array_agg(job_id), array_agg(attempt)) from pass $$,
    'RB072', null, 'the pass is not carried out where one of it is cancelled');
select is(
    (select count(*) from (
        select reimbursement.release_jobs(min(legal_entity_id), array_agg(job_id), array_agg(attempt)) from pass) as r),
    2::bigint, 'both are given back');
select is(pg_temp.states('small 1'), 'cancelled', 'the one is cancelled');
select is(pg_temp.states('small 2'), 'ready', 'the other is ready');
select test.work_off();
select is(pg_temp.states('small 2'), 'completed', 'and is carried out');
select is((select failed_attempts + lost_attempts from reimbursement.jobs where run_id = pg_temp.run('small 2')), 0,
    'without a failure');

-- What has ended.
select throws_ok($$ select pg_temp.cancel('small 2') $$, 'RB071', null, 'what has completed is not cancelled');
select pg_temp.enqueue('broken', $$, customer_filter => 'ANN'$$);
select reimbursement.fail_job(c.legal_entity_id, c.job_id, c.attempt, 'failed', 'XX000', 'broken')
from reimbursement.claim_jobs('w', 1) as c;
select throws_ok($$ select pg_temp.cancel('broken') $$, 'RB071', null, 'nor what has failed');
select throws_ok($$ select reimbursement.cancel_run(99) $$, 'RB071', null, 'nor what is not there');
select throws_ok($$ select reimbursement.cancel_run(null) $$, 'RB071', null, 'nor nothing');

-- Pausing.
select test.credit('ANN', 1);
select reimbursement.pause_queue('default', 'month end');
select pg_temp.enqueue('paused');
select pg_temp.enqueue('other queue', $$, queue => 'other'$$);
select is((select count(*) from reimbursement.claim_jobs('w', 5)), 0::bigint, 'of a queue that is paused nothing is claimed');
select is((select count(*) from reimbursement.claim_jobs('w', 5, 'other')), 1::bigint, 'of another one it is');
select lives_ok($$ select reimbursement.pause_queue('default', 'again') $$, 'paused twice, it only says so');
select is((select reason from reimbursement.paused_queues), 'month end', 'and keeps the first reason');
select pg_temp.cancel('paused');
select is(pg_temp.states('paused'), 'cancelled', 'what waits in a paused queue can be cancelled');
select pg_temp.enqueue('resumed');
select reimbursement.resume_queue('default');
select is((select count(*) from reimbursement.claim_jobs('w', 5)), 1::bigint, 'resumed, it is worked on');
select lives_ok($$ select reimbursement.resume_queue('default') $$, 'resumed twice, it only says so');
select throws_ok($$ select reimbursement.pause_queue('a b') $$, 'RB008', null, 'a name that is none is refused');

-- What queues show.
create temporary table before as select * from reimbursement.queues;
select pg_temp.enqueue('soon', $$, queue => 'seen'$$);
select pg_temp.enqueue('later too', $$, queue => 'seen', run_at => now() + interval '1 day'$$);
select pg_temp.enqueue('twice', $$, queue => 'seen', priority => -1$$);
select c.job_id as seen_job, c.attempt as seen_attempt from reimbursement.claim_jobs('w', 1, 'seen') as c \gset
select results_eq(
    $$ select scheduled, ready, waiting_retry, running, oldest_ready_at is not null, is_paused
    from reimbursement.queues where queue = 'seen' $$,
    'values (1::bigint, 1::bigint, 0::bigint, 1::bigint, true, false)', 'what waits and what runs');
select reimbursement.fail_job('US01', :seen_job, :seen_attempt, 'failed', '40001', 'again');
select reimbursement.pause_queue('seen', 'why');
select results_eq(
    $$ select scheduled, ready, waiting_retry, running, is_paused, pause_reason collate "C", paused_by::text = session_user
    from reimbursement.queues where queue = 'seen' $$,
    $$ values (1::bigint, 1::bigint, 1::bigint, 0::bigint, true, 'why' collate "C", true) $$,
    'what waits for another attempt, and why nothing is claimed');
select reimbursement.resume_queue('seen');
select test.work_off('seen');
select is((select completed_last_hour from reimbursement.queues where queue = 'seen'), 1::bigint, 'what has completed');
select reimbursement.pause_queue('empty');
select is((select is_paused and ready = 0 from reimbursement.queues where queue = 'empty'), true,
    'a queue that is paused is shown without a job');
select is(
    (select b.ready from before as b where b.queue = 'default'), (select q.ready from reimbursement.queues as q
        where q.queue = 'default'), 'and other queues are as they were');

select * from finish();
