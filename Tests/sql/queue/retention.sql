-- Finished jobs leave by whole partitions; their runs, and all who ask about these, do not notice.
select no_plan();

select test.company(), test.bank_account();
select test.payee('ANN', 100), test.payee('BOB', 200), test.payee('CAT', 300), test.payee('DAN', 400), test.payee('EVE', 500);
select test.customer('FAY'), test.credit('FAY', 600), test.debit('FAY', 1);
select test.person('olga', array['operator'], null), test.person('carl', array['clerk']);
select test.person('anna', array['approver']), test.person('wim', array['worker'], null);

-- The last numbers of the first partition, and small ones after it.
drop table reimbursement.jobs_2, reimbursement.job_errors_2;
delete from reimbursement.job_partitions where partition_number = 2;
select reimbursement.keep_jobs(interval '1 day', 4);
select setval('reimbursement.jobs_job_id_seq', 1999990);

create temporary table known (name text primary key, run_id bigint);
create function pg_temp.run(name text) returns bigint
language sql
as $$
    select k.run_id from known as k where k.name = run.name
$$;
insert into known select 'reimbursed', test.reimburse(customer_filter => 'ANN,FAY');
insert into known select 'paid', test.pay();
insert into known select 'cancelled', reimbursement.enqueue_reimbursement('US01', customer_filter => 'BOB');
select reimbursement.cancel_run(pg_temp.run('cancelled'), 'by mistake');
insert into known
select 'failed', reimbursement.enqueue_reimbursement('US01', customer_filter => 'BOB', idempotency_key => 'failed');
select reimbursement.fail_job(c.legal_entity_id, c.job_id, c.attempt, 'failed', 'XX000', 'broken')
from reimbursement.claim_jobs('test', 1) as c;
select setval('reimbursement.jobs_job_id_seq', 1999998);
insert into known select 'in two', test.reimburse(customer_filter => 'BOB..EVE', batches => 4);
insert into known select 'later', reimbursement.enqueue_reimbursement('US01', current_date, run_at => '2099-01-01');
insert into known select 'paid again', test.pay();
insert into known select 'reversed', test.reverse_payments(array['PAY-00000001']);

-- There is a place for every job.
select is(
    (select string_agg(j.tableoid::regclass || ' ' || j.job_id, ', ' order by j.job_id)
        from reimbursement.jobs as j where j.run_id = pg_temp.run('in two')),
    'reimbursement.jobs_1 1999999, reimbursement.jobs_1 2000000, reimbursement.jobs_2 2000001, reimbursement.jobs_2 2000002',
    'a job lies in the partition of its number, and the next one is made ahead of it, though no worker runs');
select is(
    (select string_agg(p.partition_number || ' ' || p.last_job_id, ', ' order by p.partition_number)
        from reimbursement.job_partitions as p),
    '1 2000000, 2 2000004, 3 2000008, 4 2000012', 'each as large as it was told, and one ahead');
select test.as_person('wim', 'select reimbursement.tend_jobs()');
select is((select count(*) from reimbursement.job_partitions), 4::bigint, 'a worker makes none that is not needed');
select setval('reimbursement.jobs_job_id_seq', 2000009);
select test.as_person('wim', 'select reimbursement.tend_jobs()');
select is((select max(p.last_job_id) from reimbursement.job_partitions as p), 2000016::bigint,
    'and makes the next when the last begins to be used');
create function pg_temp.made(partition_name text) returns jsonb
language sql
as $$
    select jsonb_build_object('options', c.reloptions, 'indexes', array(
        select regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '') collate "C"
        from pg_index as i where i.indrelid = c.oid order by 1
    ), 'guards', array(select t.tgname from pg_trigger as t where t.tgrelid = c.oid order by t.tgname))
    from pg_class as c
    where c.oid = ('reimbursement.' || made.partition_name)::regclass
$$;
select is(pg_temp.made('jobs_4'), pg_temp.made('jobs_1'), 'a new partition is stored, indexed and guarded as the first');
select is(pg_temp.made('job_errors_4'), pg_temp.made('job_errors_1'), 'and one of errors too');

-- Nobody gets at jobs by a partition.
select throws_ok($$ delete from reimbursement.jobs_2 $$, 'RB015', null, 'the owner deletes no job from a partition');
select throws_ok($$ truncate reimbursement.jobs_2 $$, 'RB015', null, 'nor truncates one');
select throws_ok($$ update reimbursement.jobs_2 set run_id = 1 $$, 'RB015', null, 'nor gives a job to another run');
select throws_ok($$ update reimbursement.jobs_2 set state = 'ready' $$, 'RB059', null, 'nor moves it');
select throws_ok($$ delete from reimbursement.job_errors_1 $$, 'RB015', null, 'nor deletes an error');
select throws_ok(
    format($$ select test.as_person('carl', 'select * from reimbursement.jobs_%s') $$, n), '42501', null,
    format('and nobody reads partition %s directly', n))
from generate_series(1, 4) as n;
select lives_ok($$ select test.as_person('carl', 'select reimbursement.jobs.job_id from reimbursement.jobs') $$,
    'but the table');

-- Who may say it.
select throws_ok($$ select test.as_person('carl', $s$ select reimbursement.keep_jobs(interval '1 day') $s$) $$, '42501', null,
    'a clerk does not say how long jobs are kept');
select throws_ok($$ select test.as_person('carl', $s$ select reimbursement.forget_jobs() $s$) $$, '42501', null,
    'nor forgets any');
select throws_ok($$ select test.as_person('carl', $s$ select reimbursement.tend_jobs() $s$) $$, '42501', null,
    'nor does what workers do');
select throws_ok($$ select reimbursement.keep_jobs(interval '-1 day') $$, 'RB008', null, 'a negative time is refused');
select throws_ok($$ select reimbursement.keep_jobs(interval '1 day', 0) $$, 'RB008', null, 'and partitions of no job');
select throws_ok($$ select reimbursement.forget_jobs(interval '-1 day') $$, 'RB008', null, 'here too');
set default_transaction_isolation = 'repeatable read';
select throws_ok($$ select reimbursement.forget_jobs() $$, 'RB030', null, 'and a transaction that sees too little');
reset default_transaction_isolation;

-- Nothing is forgotten before its time.
create temporary table runs_before as select * from reimbursement.runs;
create function pg_temp.outcome(partition_number int) returns text
language sql
as $$
    select f.outcome from reimbursement.forget_jobs() as f where f.partition_number = outcome.partition_number
$$;
select matches(pg_temp.outcome(1), 'too short a time', 'a partition whose jobs have just ended is kept');
select is(pg_temp.outcome(4), 'its numbers are still given to jobs', 'and the one that new jobs go to');
select reimbursement.keep_jobs(null);
select is(pg_temp.outcome(1), 'it is kept for ever', 'without a time it is kept for ever');
select is((select count(*) from reimbursement.run_totals), 0::bigint, 'and nothing is counted');
select reimbursement.keep_jobs(interval '0');
select is(pg_temp.outcome(2), 'some of its jobs have not ended', 'one with a job that has not ended is kept');

-- A partition goes in steps, and nobody sees a run that is not whole.
select test.open_other_session();
select test.in_other_session('begin isolation level repeatable read');
select is(
    (select r.n from test.dblink('other', 'select count(*) from reimbursement.job_retention') as r (n bigint)), 1::bigint,
    'a session has a snapshot of before');
select is((select f.state from reimbursement.forget_jobs() as f where f.partition_number = 1), 'counted',
    'the runs of a partition have their totals');
select bag_eq('select * from reimbursement.runs', 'select * from runs_before', 'and are as before');
select is_empty('select * from reimbursement.check_books()', 'the books are right meanwhile');
select throws_ok(
    format('select reimbursement.retry_run(%s)', pg_temp.run('failed')), 'RB020',
    format('the failed jobs of run %s are too old to be taken up again: only their totals are kept', pg_temp.run('failed')),
    'what has failed there is not taken up again');
select is(pg_temp.outcome(1), 'it waits for transactions that may not see the totals of its runs',
    'it is not dropped while that session does not see them');
select pg_temp.outcome(1);
select is(
    (select r.n from test.dblink('other', 'select count(*) from reimbursement.runs') as r (n bigint)),
    (select count(*) from runs_before), 'which sees all runs');
select test.in_other_session('commit');

-- Beside a transfer: it has its job's row locked, and keeps all of it.
select test.in_other_session('begin');
select test.in_other_session($$ do $d$ begin perform from reimbursement.jobs where job_id = 1999999 for update; end $d$ $$);
set lock_timeout = '10s';
create temporary table begun as select clock_timestamp() as at;
select is(pg_temp.outcome(1), 'it is dropped when no transaction uses jobs', 'beside a transfer it is left for another time');
select cmp_ok((select clock_timestamp() - b.at from begun as b), '<', interval '5 seconds', 'and waits for nobody');
reset lock_timeout;
select test.in_other_session($$ do $d$ begin perform from reimbursement.jobs where job_id = 1999999; end $d$ $$);
select test.in_other_session('commit');
select ok(to_regclass('reimbursement.jobs_1') is not null, 'and is there until that has ended');
select is(pg_temp.outcome(1), 'dropped with 6 jobs', 'then it is dropped');
select ok(to_regclass('reimbursement.jobs_1') is null and to_regclass('reimbursement.job_errors_1') is null,
    'with its errors');
select is((select min(j.job_id) from reimbursement.jobs as j), 2000001::bigint, 'its jobs are gone');
select is((select count(*) from reimbursement.run_totals where partition_number = 1), 5::bigint, 'and five runs have totals of it');

-- All who ask about its runs are answered as before.
select bag_eq('select * from reimbursement.runs', 'select * from runs_before', 'the runs are as before, one of them in two parts');
select is((select array_agg(r.run_id) from (select r.run_id from reimbursement.runs as r order by r.run_id desc limit 3) as r),
    (select array_agg(r.run_id) from (select r.run_id from runs_before as r order by r.run_id desc limit 3) as r),
    'the latest of them too');
select is_empty('select * from reimbursement.check_books()', 'and the books are right');
select is_empty(format('select * from reimbursement.check_books(run_id => %s)', k.run_id), format('those of the run "%s"', k.name))
from known as k where k.name <> 'later';
select throws_ok(format('select reimbursement.retry_run(%s)', pg_temp.run('failed')), 'RB020',
    format('the failed jobs of run %s are too old to be taken up again: only their totals are kept', pg_temp.run('failed')),
    'a run that failed is not taken up again, and the error says why');
select throws_ok(format('select reimbursement.cancel_run(%s)', pg_temp.run('reimbursed')), 'RB071',
    format('run %s is completed and cannot be cancelled', pg_temp.run('reimbursed')), 'one that completed is not cancelled');
select lives_ok(format('select reimbursement.cancel_run(%s)', pg_temp.run('cancelled')), 'one that was cancelled is');
select throws_ok($$ select test.approve('anna', pg_temp.run('reimbursed')) $$, 'RB050',
    format('run %s does not wait for approval: it is completed', pg_temp.run('reimbursed')), 'and none of them is approved');
select is(reimbursement.enqueue_reimbursement('US01', customer_filter => 'BOB', idempotency_key => 'failed'),
    pg_temp.run('failed'), 'an idempotency key still has its run');
select ok(reimbursement.payment_file(pg_temp.run('paid')) like '%<Document%', 'a bank file is there');
select ok(reimbursement.release_payment_file(pg_temp.run('paid again')) like '%<Document%', 'and can be released');
select throws_ok(format('select reimbursement.release_payment_file(%s)', pg_temp.run('reimbursed')), 'RB028',
    format('run %s is a reimbursement, and only payment runs have bank files', pg_temp.run('reimbursed')),
    'where there is none the error says why');
select throws_ok($$ select test.as_person('carl', format('select reimbursement.payment_file(%s)', pg_temp.run('paid'))) $$,
    '42501', null, 'and whoever lacks the duty is refused');
select lives_ok($$ select test.reverse(run_id => pg_temp.run('reimbursed'), posting_date => '2025-08-01') $$,
    'a run whose jobs are gone is reversed');
select is_empty('select * from reimbursement.check_books()', 'which leaves the books right');
select is((select count(*) from test.dblink('other', format($$ set role %I; select run_id from reimbursement.runs $$,
    test.role_of('carl'))) as r (run_id bigint) where r.run_id > 0), (select count(*) from reimbursement.runs), 'a clerk sees the runs of his company');
select is((select r.n from test.dblink('other', format($$ set role %I; select count(*) from reimbursement.runs $$,
    test.role_of('wim'))) as r (n bigint)), 0::bigint, 'and whoever has no duty for that none');
select test.in_other_session('reset role');

-- What is wrong is found as before.
select is(test.rules_broken_by(format($$ update reimbursement.run_totals set %s where run_id = %s $$, c.change,
    pg_temp.run(c.run))), array['run_totals_have_all_of_their_effects'], format('totals with %s are found', c.change))
from (values
    ('processed = processed + 1', 'reimbursed'), ('skipped = skipped - 1', 'reimbursed'),
    ('accounting_amount = accounting_amount + 1', 'in two'), ('processed = 0', 'paid'), ('processed = 1', 'failed')
) as c (change, run);
select is(test.rules_broken_by(format($$ delete from reimbursement.run_totals where run_id = %s $$, pg_temp.run('reimbursed'))),
    array['job_has_all_of_its_effects_or_none', 'reimbursement_agrees_with_its_documents'], 'totals that are missing are');
select is(test.rules_broken_by($$ delete from reimbursement.customer_skips $$),
    array['run_totals_have_all_of_their_effects'], 'a skip that is missing is');
select ok('job_has_all_of_its_effects_or_none' = any(test.rules_broken_by(format(
    $$ update reimbursement.payments set job_id = 1999990 where run_id = %s $$, pg_temp.run('paid')))),
    'a payment of a job that never was is');
select is(test.rules_broken_by($$ update reimbursement.jobs set run_id = 999 where job_id = 2000003 $$),
    array['job_belongs_to_a_run'], 'a job of no run is');
select throws_ok($$ update reimbursement.run_totals set jobs = 0 $$, 'RB015', null, 'totals are never changed');
select throws_ok($$ delete from reimbursement.run_totals $$, 'RB015', null, 'or deleted');

-- The rest goes the same way, by the workers alone.
select reimbursement.cancel_run(pg_temp.run('later'));
drop table runs_before;
create temporary table runs_before as select * from reimbursement.runs;
begin;
select test.as_person('wim', 'select reimbursement.tend_jobs()') from generate_series(1, 4);
select is((select string_agg(p.state, ' ' order by p.partition_number) from reimbursement.job_partitions as p),
    'dropped counted dropped filling filling', 'within one transaction a worker takes one step');
commit;
select test.as_person('wim', 'select reimbursement.tend_jobs()');
select is((select string_agg(p.state, ' ' order by p.partition_number) from reimbursement.job_partitions as p),
    'dropped dropped dropped filling filling', 'and in the next one the other');
select bag_eq('select * from reimbursement.runs', 'select * from runs_before', 'the runs are as before');
select is_empty('select * from reimbursement.check_books()', 'and the books are right');

-- Many runs are counted some at a time, and each is whole at every moment.
create function pg_temp.count_all(partition_number int, jobs int) returns int
language plpgsql
as $$
declare
    v_turns int := 1;
begin
    while not reimbursement.count_job_partition(count_all.partition_number, count_all.jobs) loop
        v_turns := v_turns + 1;
        if exists ((table reimbursement.runs except table runs_before) union all
            (table runs_before except table reimbursement.runs)) then
            raise exception 'a run is not whole in turn %', v_turns;
        end if;
    end loop;
    return v_turns;
end
$$;
select test.credit(c, 10) from unnest(array['GIL', 'HAL', 'IDA', 'JIM']) as c;
select test.reimburse(customer_filter => c) from unnest(array['GIL', 'HAL', 'IDA', 'JIM']) as c;
drop table runs_before;
create temporary table runs_before as select * from reimbursement.runs;
select cmp_ok(pg_temp.count_all(4, 1), '>', 1, 'in several turns, in none of which a run is not whole');
select bag_eq('select * from reimbursement.runs', 'select * from runs_before', 'the runs are as before');
select is((select sum(t.jobs) from reimbursement.run_totals as t where t.partition_number = 4),
    (select count(*) from reimbursement.jobs_4)::numeric, 'and every job is counted');

select * from finish();
