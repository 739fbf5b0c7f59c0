-- Small jobs of one legal entity share a pass and a commit, and not each other's fate.
select plan(48);

select test.company();
select test.company(legal_entity_id => 'US02');
select test.credit(format('C%s', i), i) from generate_series(1, 12) as i;
select test.credit('C1', 5, legal_entity_id => 'US02');
create function pg_temp.enqueue(
    customer_filter text, posting_date date default '2025-06-30', priority int default 0,
    legal_entity_id text default 'US01'
) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        enqueue.legal_entity_id, enqueue.posting_date, customer_filter => enqueue.customer_filter,
        priority => enqueue.priority)
$$;
-- What is claimed, by pass: the runs of each.
create table claimed (claim int, pass bigint, legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text);
create function pg_temp.claim(passes int, jobs_per_pass int) returns text
language sql
as $$
    with c as (
        insert into claimed
        select
            coalesce((select max(k.claim) from claimed as k), 0) + 1, c.pass, c.legal_entity_id, c.job_id, c.run_id,
            c.attempt, c.kind
        from reimbursement.claim_passes('worker', claim.passes, claim.jobs_per_pass) as c
        returning pass, run_id
    )
    select string_agg(p.runs, ' | ' order by p.pass)
    from (select c.pass, string_agg(c.run_id::text, ' ' order by c.run_id) as runs from c group by c.pass) as p
$$;
-- Carries out a pass of the latest claim, and says of which runs.
create function pg_temp.carry_out(pass bigint default 1) returns text
language plpgsql
as $$
declare
    v_jobs bigint[];
    v_attempts int[];
    v_legal_entity_id text;
    v_done bigint[];
begin
    select array_agg(c.job_id order by c.job_id), array_agg(c.attempt order by c.job_id), min(c.legal_entity_id)
    into v_jobs, v_attempts, v_legal_entity_id
    from claimed as c
    where c.claim = (select max(k.claim) from claimed as k) and c.pass = carry_out.pass;
    select array_agg(d.job_id) into v_done
    from reimbursement.execute_jobs(v_legal_entity_id, v_jobs, v_attempts) as d (job_id);
    return (
        select string_agg(j.run_id::text, ' ' order by j.run_id) from reimbursement.jobs as j where j.job_id = any (v_done)
    );
end
$$;
create function pg_temp.job(run_id bigint) returns reimbursement.jobs
language sql
as $$
    select j from reimbursement.jobs as j where j.run_id = job.run_id
$$;

-- Runs 1 to 4 are small; 5 names a range, 6 another legal entity's customer, 7 is less urgent.
select pg_temp.enqueue('C1'), pg_temp.enqueue('C2'), pg_temp.enqueue('C3, C4'), pg_temp.enqueue('C5'),
    pg_temp.enqueue('C6..C7'), pg_temp.enqueue('C1', legal_entity_id => 'US02'), pg_temp.enqueue('C8', priority => 1);
select results_eq(
    'select j.run_id, j.is_small from reimbursement.jobs as j order by j.run_id',
    $$ values (1::bigint, true), (2, true), (3, true), (4, true), (5, false), (6, true), (7, true) $$,
    'a job is small when it names a few accounts, each by itself');
select is(pg_temp.claim(1, 3), '1 2 3', 'small jobs are claimed together, as many as may share a pass');
select is((pg_temp.job(4)).state, 'ready', 'and no more passes than the worker has free slots');
select is(pg_temp.carry_out(), '1 2 3', 'they are carried out together');
select results_eq(
    'select r.run_id, r.customer_account collate "C", r.amount from reimbursement.reimbursement_report as r order by 1, 2',
    $$ values (1::bigint, 'C1' collate "C", 1::numeric), (2, 'C2', 2), (3, 'C3', 3), (3, 'C4', 4) $$,
    'each run has its own customers');
select results_eq(
    'select r.run_id, r.state, r.customers_reimbursed, r.accounting_amount from reimbursement.runs as r where r.run_id < 4 order by 1',
    $$ values (1::bigint, 'completed', 1::bigint, 1::numeric), (2, 'completed', 1, 2), (3, 'completed', 2, 7) $$,
    'and its own totals');
select is((select count(distinct j.xmin::text) from reimbursement.jobs as j where j.run_id < 4), 1::bigint,
    'they have ended in one transaction');
select is(pg_temp.claim(9, 9), '6 | 4 | 5 | 7',
    'a job that is not small, of another legal entity or of another priority shares no pass');
select is(pg_temp.carry_out(p.pass), p.run, format('and is carried out by itself: run %s', p.run))
from unnest('{6, 4, 5, 7}'::text []) with ordinality as p (run, pass);
select is_empty('select * from reimbursement.check_books()', 'the books are right');

-- Two runs that name one customer: the second has to see what the first one leaves.
select test.credit('C9', 1), test.credit('C10', 1);
select pg_temp.enqueue('C9'), pg_temp.enqueue('C9, C10'), pg_temp.enqueue('C11');
select is(pg_temp.claim(1, 9), '8 9 10', 'runs that name the same customer are claimed together');
select is(pg_temp.carry_out(), '8 10', 'the later one is put off');
select results_eq(
    'select j.state, j.attempt, j.failed_attempts, j.is_small, j.worker from reimbursement.jobs as j where j.run_id = 9',
    $$ values ('ready', 1, 0, false, null::text) $$, 'that is no failure: it is ready, to be carried out by itself');
select is_empty('select * from reimbursement.job_errors where job_id = (pg_temp.job(9)).job_id', 'and leaves no error');
select is(pg_temp.claim(9, 9), '9', 'it is claimed again at once');
select is(pg_temp.carry_out(), '9', 'and carried out');
select is(
    (select string_agg(r.customer_account || ' ' || r.amount, ', ') from reimbursement.reimbursement_report as r
        where r.run_id = 9),
    'C10 11.00', 'with what was left');

-- A customer whom somebody has locked holds up his own run alone.
select test.credit('C1', 1), test.credit('C2', 2);
select pg_temp.enqueue('C1'), pg_temp.enqueue('C2');
select pg_temp.claim(1, 9);
select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session($$ update reimbursement.customers set name = 'Busy' where customer_account = 'C1' $$);
select is(pg_temp.carry_out(), '12', 'a pass waits for nobody''s lock: the job that would have to is put off');
select test.in_other_session('commit');
select is(pg_temp.claim(9, 9), '11', 'and is claimed by itself');
select is(pg_temp.carry_out(), '11', 'to wait for itself alone');

-- One that cannot be carried out leaves the others to be done.
select test.credit('C3', 3), test.credit('C4', 4), test.credit('C5', 5);
select pg_temp.enqueue('C3'), pg_temp.enqueue('C4', posting_date => '2026-01-31'), pg_temp.enqueue('C5');
select is(pg_temp.claim(1, 9), '13 14 15', 'three runs are claimed together');
update reimbursement.ledger_periods as p set is_open = false
where p.legal_entity_id = 'US01' and '2026-01-31' between p.starts_on and p.ends_on;
select throws_ok('select pg_temp.carry_out()', 'RB004', null,
    'the period of one of them was closed, and they cannot be carried out together');
select is((select count(*) from reimbursement.reimbursement_report as r where r.run_id between 13 and 15), 0::bigint,
    'nothing was written');
select is(
    (select count(*) from reimbursement.release_jobs('US01',
        (select array_agg(c.job_id) from claimed as c where c.run_id between 13 and 15),
        (select array_agg(c.attempt) from claimed as c where c.run_id between 13 and 15))),
    3::bigint, 'they are given back');
select is(pg_temp.claim(9, 9), '13 | 14 | 15', 'and each is claimed by itself');
select is(pg_temp.carry_out(1), '13', 'the first is done');
select throws_ok('select pg_temp.carry_out(2)', 'RB004', null, 'the one at fault has its own error');
select is(pg_temp.carry_out(3), '15', 'the last is done');
select is((pg_temp.job(13)).failed_attempts, 0, 'no failure is counted for the innocent');

-- What may not share a pass, or has ended.
select pg_temp.enqueue('C3..C4'), pg_temp.enqueue('C5');
select pg_temp.claim(9, 9);
select throws_ok(
    $$ select from reimbursement.execute_jobs('US01', array[(pg_temp.job(13)).job_id, (pg_temp.job(16)).job_id], array[2, 1]) $$,
    'RB019', null, 'a job that has ended is not carried out again, whatever is beside it');
select throws_ok($$ select from reimbursement.execute_jobs('US01', '{}', '{}') $$, 'RB019', null, 'no job is no pass');

select is(pg_temp.carry_out(1) || ' ' || pg_temp.carry_out(2), '16 17', 'what was claimed is carried out');

select reimbursement.fail_job('US01', (pg_temp.job(14)).job_id, 2, 'failed', 'RB004', 'the period is closed');

-- A pass whose worker dies: nobody knows whose fault it was, so its jobs are carried out one at a time.
select test.credit('C6', 6), test.credit('C7', 7), test.credit('C8', 8);
select pg_temp.enqueue('C6'), pg_temp.enqueue('C7');
select is(pg_temp.claim(2, 9), '18 19', 'two small jobs share a pass');
update reimbursement.jobs set claimed_at = clock_timestamp() - interval '1 hour' where run_id in (18, 19);
select is((select count(*) from reimbursement.rescue_jobs() as r where r.run_id in (18, 19)), 2::bigint,
    'jobs that were lost together are found');
select results_eq(
    'select j.state, j.lost_attempts, j.is_small from reimbursement.jobs as j where j.run_id in (18, 19)',
    $$ values ('ready', 1, false), ('ready', 1, false) $$,
    'each is suspected of it, and never put together with others again');
update reimbursement.jobs set run_at = now() where run_id in (18, 19);
select pg_temp.enqueue('C8');
select is(pg_temp.claim(9, 9), '18', 'one of them is claimed, and nothing else of the legal entity');
select is(pg_temp.claim(9, 9), null, 'nor is the other while it runs');
select reimbursement.fail_job('US01', (pg_temp.job(18)).job_id, 2, 'lost', '57P02', 'the server crashed');
select is(pg_temp.claim(9, 9), '19', 'when it crashes the server again, the other was not beside it');
select is(pg_temp.carry_out(), '19', 'and is carried out');
select is((pg_temp.job(19)).attempt, 2, 'at its second attempt');
select is(pg_temp.claim(9, 9), '20', 'what came later is claimed');
select is(pg_temp.carry_out(), '20', 'and carried out');
update reimbursement.jobs set run_at = now() where run_id = 18;
select pg_temp.claim(9, 9);
select reimbursement.fail_job('US01', (pg_temp.job(18)).job_id, 3, 'failed', 'RB004', 'the period is closed');
select reimbursement.retry_run(18);
select test.credit('C9', 9);
select pg_temp.enqueue('C9');
select is(pg_temp.claim(9, 9), '18 | 21', 'nor is it put together with others when its run is retried');
select is(pg_temp.carry_out(1) || ' ' || pg_temp.carry_out(2), '18 21', 'it is carried out at last');
select is_empty('select * from reimbursement.check_books()', 'the books are right in the end');

select * from finish();
