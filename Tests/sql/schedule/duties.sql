-- Who may have runs recur, steer them and pause queues; and in whose name what recurs is asked for.
select plan(24);

create role schedule_clerk login;
create role schedule_other login;
create role schedule_operator login;
create role schedule_worker login;
create role schedule_nobody login;

select test.company(), test.company(legal_entity_id => 'US02');
select test.credit('ANN', 10);
select
    reimbursement.grant_duty('schedule_clerk', 'clerk', 'US01'), reimbursement.grant_duty('schedule_other', 'clerk', 'US02'),
    reimbursement.grant_duty('schedule_operator', 'operator'), reimbursement.grant_duty('schedule_worker', 'worker');
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
select l.legal_entity_id, '2027-01-01', '2099-12-31' from reimbursement.legal_entities as l;

-- Making and ending schedules.
select is(
    test.as_role('schedule_clerk', $$ select reimbursement.schedule_run('US01', 'nightly', 'reimbursement', '0 2 * * *') $$),
    '', 'a clerk has reimbursements recur');
select alike(
    test.as_role(t.actor, format('select reimbursement.schedule_run(%s)', t.arguments)), '42501 %' || t.duty || '%',
    format('%s may not: %s', t.actor, t.arguments))
from (
    values
    ('schedule_clerk', $$'US01', 'pay', 'vendor_payment', '0 2 * * *'$$, 'payer'),
    ('schedule_clerk', $$'US02', 'nightly', 'reimbursement', '0 2 * * *'$$, 'clerk'),
    ('schedule_other', $$'US01', 'nightly', 'reimbursement', '0 2 * * *'$$, 'clerk'),
    ('schedule_operator', $$'US01', 'x', 'reimbursement', '0 2 * * *'$$, 'clerk'),
    ('schedule_worker', $$'US01', 'x', 'reimbursement', '0 2 * * *'$$, 'clerk'),
    ('schedule_nobody', $$'US01', 'x', 'nonsense', '0 2 * * *'$$, 'clerk')
) as t (actor, arguments, duty);
select alike(test.as_role('schedule_other', $$ select reimbursement.unschedule_run('US01', 'nightly') $$), '42501 %',
    'another legal entity''s clerk does not end it');
select is(test.as_role('schedule_other', 'select count(*) from reimbursement.schedules'), '0', 'nor sees it');
select is(test.as_role('schedule_operator', 'select string_agg(schedule, '','') from reimbursement.schedules'), 'nightly',
    'an operator does');
select alike(test.as_role('schedule_clerk', 'update reimbursement.run_schedules set cron = ''* * * * *'''), '42501 %',
    'nobody writes it past the functions');

-- Its slot comes: a worker enqueues it, in the clerk's name.
update reimbursement.run_schedules set next_slot = date_trunc('minute', now()) - interval '1 hour', cron = '* * * * *';
select alike(test.as_role('schedule_clerk', 'select reimbursement.enqueue_due_runs()'), '42501 %',
    'what is due is enqueued by workers');
select is(test.as_role('schedule_worker', 'select reimbursement.enqueue_due_runs()'), '1', 'a worker enqueues what is due');
select is((select r.requested_by from reimbursement.run_requests as r), 'schedule_clerk', 'in the name of who scheduled it');

-- Nobody takes that name otherwise.
select is(
    test.as_role('schedule_worker', $$
        select set_config('reimbursement.firing', 'US01/nightly', true) || reimbursement.acting_role() $$),
    'US01/nightlyschedule_worker', 'whoever says that a schedule is being enqueued is not believed');
select is(
    test.as_role('schedule_worker', $$
        select reimbursement.enqueue_due_runs() || set_config('reimbursement.firing', 'US01/nightly', true)
            || reimbursement.acting_role() $$),
    '0US01/nightlyschedule_worker', 'not even in the transaction that has enqueued');
select set_config('reimbursement.firing', '', false);

-- Without the duty nothing is enqueued any more.
select reimbursement.revoke_duty('schedule_clerk', 'clerk', 'US01');
update reimbursement.run_schedules set next_slot = date_trunc('minute', now());
select is(test.as_role('schedule_worker', 'select reimbursement.enqueue_due_runs()'), '0',
    'whoever has lost the duty has nothing enqueued');
select alike((select s.last_error from reimbursement.schedules as s), '%"schedule_clerk" has not the duty clerk%(42501)',
    'and the schedule says so');

-- Steering.
select alike(test.as_role('schedule_other', format('select reimbursement.cancel_run(%s)', test.last_run())), '42501 %',
    'a run is not cancelled by another legal entity''s clerk');
select alike(test.as_role('schedule_clerk', 'select reimbursement.pause_queue(''default'')'), '42501 %operator%',
    'a queue is not paused by a clerk');
select is(test.as_role('schedule_operator', 'select reimbursement.pause_queue(''default'', ''x'')'), '',
    'but by an operator');
select is((select p.paused_by from reimbursement.paused_queues as p), 'schedule_operator', 'in his name');
select is(test.as_role('schedule_operator', format('select reimbursement.cancel_run(%s)', test.last_run())), '',
    'who cancels runs too');
select alike((select r.error from reimbursement.runs as r), 'cancelled by schedule_operator%', 'in his name');

select * from finish();
