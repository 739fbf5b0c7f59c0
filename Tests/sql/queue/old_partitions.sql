-- Claims do not open the partitions in which nothing waits or runs, and find whatever is taken up again in them.
select plan(20);

select test.company();
select test.payee('ANN', 100), test.payee('BOB', 200);
select test.person('anna', array['approver']);
drop table reimbursement.jobs_2, reimbursement.job_errors_2;
delete from reimbursement.job_partitions where partition_number = 2;
select reimbursement.keep_jobs(interval '1 year', 4);
select setval('reimbursement.jobs_job_id_seq', 1999997);
select test.open_other_session('enqueuer');

create temporary table known (name text primary key, run_id bigint);
create function pg_temp.enqueue(name text, queue text default 'default') returns void
language sql
as $$
    insert into known
    select enqueue.name, reimbursement.enqueue_reimbursement('US01', customer_filter => 'ANN', queue => enqueue.queue)
$$;
-- Claims a job, and says of which run.
create function pg_temp.claim(queue text default 'default') returns text
language sql
as $$
    select string_agg(k.name, ' ')
    from reimbursement.claim_jobs('worker', 1, claim.queue) as c
    inner join known as k on k.run_id = c.run_id
$$;
create function pg_temp.end_as(kind text, sqlstate text default '08006') returns void
language sql
as $$
    select reimbursement.fail_job(j.legal_entity_id, j.job_id, j.attempt, end_as.kind, end_as.sqlstate, 'broken')
    from reimbursement.jobs as j
    where j.state = 'running'
$$;
-- As a claim leaves it that has looked from the very beginning just now.
create function pg_temp.look_at_all(queue text default 'default') returns void
language sql
as $$
    delete from reimbursement.claim_bounds as b where b.queue = look_at_all.queue;
    select reimbursement.write_claim_bound(look_at_all.queue, '-infinity', '-infinity', 0, true)
$$;
-- Which partitions have been looked into by this transaction.
create function pg_temp.opened() returns text
language sql
as $$
    select string_agg(t.relname, ' ' order by t.relname)
    from pg_stat_xact_user_tables as t
    where t.relname ~ '^jobs_\d+$' and t.idx_scan + t.seq_scan > 0
$$;
create function pg_temp.bound() returns bigint
language sql
as $$
    select b.jobs_from from reimbursement.claim_bounds as b where b.jobs_from is not null order by b.at desc limit 1
$$;

-- 1999998 fails, 1999999 waits for approval, 2000000 is somebody's who has not committed: jobs_1 has no number left.
select pg_temp.enqueue('failed');
select pg_temp.claim();
select pg_temp.end_as('failed', 'XX000');
insert into reimbursement.approval_rules values ('US01', 'reimbursement', 150, 1);
insert into known
select 'approved', reimbursement.enqueue_reimbursement('US01', customer_filter => 'BOB', run_at => now() + interval '1 second');
select test.in_other_session('begin', 'enqueuer');
insert into known
select 'late', test.measured($$ reimbursement.enqueue_reimbursement('US01', customer_filter => 'ANN') $$, 'enqueuer');
select pg_temp.enqueue('new');
select reimbursement.tend_jobs(), reimbursement.tend_jobs();
select is(pg_temp.claim(), 'new', 'a claim takes what is there');
select pg_temp.look_at_all();
select is(pg_temp.bound(), -9223372036854775808, 'a partition of which somebody was given a number may get a job yet');
select test.in_other_session('commit', 'enqueuer');
select is(pg_temp.claim(), 'late', 'which is found when it is committed');
select pg_temp.end_as('failed', 'XX000');
select reimbursement.tend_jobs(), reimbursement.tend_jobs();
select pg_temp.look_at_all();
select is(pg_temp.bound(), 2000001::bigint, 'when all are there, and none waits or runs, the next partition is the first');

select pg_temp.enqueue('another');
select pg_stat_force_next_flush();
begin;
select pg_temp.claim();
select is(pg_temp.opened(), 'jobs_2 jobs_3', 'the first is opened by no claim any more');
rollback;
select pg_stat_force_next_flush();
begin;
select count(r.job_id) from reimbursement.rescue_jobs() as r;
select is(pg_temp.opened(), 'jobs_2 jobs_3', 'nor by whoever looks for lost jobs');
rollback;
select pg_temp.claim();
select pg_temp.end_as('failed', 'XX000');

-- What is taken up again in it.
select reimbursement.retry_run((select k.run_id from known as k where k.name = 'failed'));
select is(pg_temp.claim(), 'failed', 'a job that is taken up again is found at once');
select is(
    (select count(r.job_id) from reimbursement.rescue_jobs(interval '0') as r), 1::bigint, 'and when its worker is gone');
select pg_temp.claim();
select pg_temp.look_at_all();
select is(pg_temp.bound(), -9223372036854775808, 'while it runs its partition is looked into');
select reimbursement.release_jobs(j.legal_entity_id, array[j.job_id], array[j.attempt])
from reimbursement.jobs as j where j.state = 'running';
select is(pg_temp.claim(), 'failed', 'so it is found when it is given back');
select pg_temp.end_as('failed', 'XX000');
select pg_temp.look_at_all();
select is(pg_temp.bound(), 2000001::bigint, 'and no longer when it has ended');
select test.as_person('anna', format('select reimbursement.approve_run(%s)', k.run_id)) from known as k where k.name = 'approved';
select pg_sleep(greatest(extract(epoch from max(j.run_at) - clock_timestamp()), 0))
from reimbursement.jobs as j where j.state in ('scheduled', 'ready');
select is(pg_temp.claim(), 'approved', 'a job that was approved is found at once');
select pg_temp.end_as('failed', 'XX000');

-- A note of one queue is for all: what runs may be of any.
select pg_temp.look_at_all(), pg_temp.look_at_all('other');
select reimbursement.retry_run((select k.run_id from known as k where k.name = 'failed'));
select is(pg_temp.claim(), 'failed', 'a job is taken up again');
select pg_stat_force_next_flush();
begin;
select reimbursement.claim_jobs('another worker', 1, 'other');
select is(pg_temp.opened(), 'jobs_1 jobs_2 jobs_3', 'and those who claim from another queue look where it runs');
rollback;
select pg_temp.end_as('failed', 'XX000');

-- Only where numbers are not given any more is there something to say.
select pg_temp.look_at_all();
select setval('reimbursement.jobs_job_id_seq', 2000005);
select reimbursement.tend_jobs(), reimbursement.tend_jobs();
select pg_temp.enqueue('newest');
select pg_temp.claim();
select pg_temp.end_as('failed', 'XX000');
delete from reimbursement.claim_bounds;
select reimbursement.retry_run((select k.run_id from known as k where k.name = 'newest'));
select is((select count(*) from reimbursement.claim_bounds), 0::bigint, 'a job of a partition that is filled says nothing');
select is(pg_temp.claim(), 'newest', 'and is found');
select pg_temp.end_as('failed', 'XX000');

-- One of which nobody was told.
select reimbursement.retry_run((select k.run_id from known as k where k.name = 'failed'));
select pg_temp.look_at_all(), pg_temp.look_at_all('other');
update reimbursement.claim_bounds set jobs_from = 2000001 where jobs_from is not null;
select is(pg_temp.claim(), null, 'a job of which no claim was told is not found');
update reimbursement.claim_bounds set at = at - interval '11 seconds';
select is(pg_temp.claim(), 'failed', 'until somebody looks from the beginning, every ten seconds');
select is(pg_temp.bound(), -9223372036854775808, 'who tells the next where it runs');
select pg_temp.end_as('failed', 'XX000');

-- The way back from before there was any such note.
update reimbursement.claim_bounds set jobs_from = null;
select reimbursement.retry_run((select k.run_id from known as k where k.name = 'failed'));
update reimbursement.claim_bounds set jobs_from = null;
select is(pg_temp.claim(), 'failed', 'where nothing says from which job on, claims look at all');

select * from finish();
