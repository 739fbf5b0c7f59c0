-- Recurring runs: each slot once, whoever looks, whatever was missed.
select plan(41);

select test.company();
select test.company(legal_entity_id => 'US02');
select test.credit('ANN', 100);
update reimbursement.legal_entities set time_zone = 'Europe/Berlin' where legal_entity_id = 'US01';
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
select l.legal_entity_id, '2027-01-01', '2099-12-31' from reimbursement.legal_entities as l;

-- As if its slot had come so long ago.
create function pg_temp.let_pass(schedule text, since interval) returns void
language sql
as $$
    update reimbursement.run_schedules as s set next_slot = date_trunc('minute', now() - since)
    where s.schedule = let_pass.schedule
$$;
create function pg_temp.runs_of(schedule text) returns bigint
language sql
as $$
    select count(*) from reimbursement.run_requests as r
    where r.idempotency_key like format('schedule:%s:%%', runs_of.schedule)
$$;

-- Making one.
select lives_ok(
    $$ select reimbursement.schedule_run(
        legal_entity_id => 'US01', schedule => 'nightly', kind => 'reimbursement', cron => '0 2 * * *',
        choices => '{"include_open_debits": true, "customer_filter": "A*", "batches": 2}') $$, 'a schedule is made');
select results_eq(
    $$ select schedule, kind, cron, on_missed, is_enabled, last_slot, last_run_id, next_slot > now(),
        to_char(next_slot at time zone 'Europe/Berlin', 'HH24:MI'), last_error
    from reimbursement.schedules where legal_entity_id = 'US01' $$,
    $$ values ('nightly' collate "C", 'reimbursement', '0 2 * * *', 'once', true, null::timestamptz, null::bigint, true,
        '02:00', null::text) $$,
    'the view shows it, with its next slot by the legal entity''s clock');
select is((select count(*) from reimbursement.run_requests), 0::bigint, 'nothing is enqueued by making one');
select is(reimbursement.enqueue_due_runs(), 0, 'nor before its slot');

-- Its slot comes.
select pg_temp.let_pass('nightly', '1 day');
select is(reimbursement.enqueue_due_runs(), 1, 'its slot has come: one run');
select is(reimbursement.enqueue_due_runs(), 0, 'and no second');
select is(pg_temp.runs_of('nightly'), 1::bigint, 'the slot is the key of the run');
select results_eq(
    $$ select r.choices ->> 'include_open_debits', r.choices ->> 'customer_filter', count(*)
    from reimbursement.run_requests as r inner join reimbursement.jobs as j using (legal_entity_id, run_id)
    group by 1, 2 $$, $$ values ('true', 'A*', 2::bigint) $$, 'it has the schedule''s choices');
select ok(
    s.last_run_id = r.run_id and s.last_slot <= now() and s.last_slot > now() - interval '1 day 1 minute'
    and s.next_slot > now() and r.idempotency_key
    = 'schedule:nightly:' || to_char(s.last_slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'),
    'the view shows its latest slot and its run, and the next slot')
from reimbursement.schedules as s, reimbursement.run_requests as r;

-- A run is dated as of its run. A date of its own is judged by the day of the slot, by which it is tried too.
update reimbursement.legal_entities set max_days_ahead = 31 where legal_entity_id = 'US02';
create function pg_temp.scheduled(days_ahead int) returns text
language plpgsql
as $$
begin
    perform reimbursement.schedule_run(
        'US02', 'dated', 'reimbursement', to_char(now() + interval '20 days', '"0 12 "FMDD FMMM" *"'),
        jsonb_build_object('posting_date', current_date + scheduled.days_ahead));
    return 'made';
exception
    when others then return sqlstate;
end
$$;
select is(pg_temp.scheduled(50), 'made', 'a schedule''s own date may lie as far ahead of its slot as that of any run');
select is(pg_temp.scheduled(60), 'RB060', 'and no further');
select reimbursement.unschedule_run('US02', 'dated');

-- A slot that was enqueued before, as when a server was restored to an earlier time.
update reimbursement.run_schedules set next_slot = last_slot, last_slot = null, last_run_id = null;
select is(reimbursement.enqueue_due_runs(), 1, 'a slot that was enqueued before is looked at');
select is(pg_temp.runs_of('nightly'), 1::bigint, 'and has the run it had');

-- Slots that were missed.
select reimbursement.schedule_run('US01', 'often', 'reimbursement', '* * * * *');
select pg_temp.let_pass('often', '400 days');
select is(reimbursement.enqueue_due_runs(), 1, 'of thousands of missed slots one is made up for');
select ok(s.last_slot > now() - interval '1 minute', 'the latest of them')
from reimbursement.schedules as s where s.schedule = 'often';
select reimbursement.schedule_run('US01', 'skipping', 'reimbursement', '0 2 * * *', on_missed => 'skip');
update reimbursement.run_schedules as s
set cron = to_char((now() - interval '2 hours') at time zone 'Europe/Berlin', '"0" HH24 * * *'),
    next_slot = date_trunc('hour', now() - interval '2 hours')
where s.schedule = 'skipping';
select is(reimbursement.enqueue_due_runs(), 0, 'where none is to be made up for, none is');
select ok(s.next_slot > now() and s.last_slot is null, 'and it waits for the next')
from reimbursement.schedules as s where s.schedule = 'skipping';
update reimbursement.run_schedules as s
set cron = '* * * * *', next_slot = date_trunc('minute', now() - interval '2 hours') where s.schedule = 'skipping';
select is(reimbursement.enqueue_due_runs(), 1, 'a slot of this minute was not missed');

-- Replacing, switching off, ending.
select reimbursement.schedule_run('US01', 'often', 'vendor_payment', '0 3 * * *', is_enabled => false);
select is(
    (select count(*) from reimbursement.schedules as s
        where s.schedule = 'often' and s.kind = 'vendor_payment' and s.next_slot is null and not s.is_enabled), 1::bigint,
    'a schedule of the same name is replaced');
select pg_temp.let_pass('often', '1 day');
select is(reimbursement.enqueue_due_runs(), 0, 'one that is switched off enqueues nothing');
select reimbursement.unschedule_run('US01', 'often');
select reimbursement.unschedule_run('US01', 'skipping');
select is((select count(*) from reimbursement.schedules), 1::bigint, 'one that was ended is gone');
select throws_ok($$ select reimbursement.unschedule_run('US01', 'often') $$, 'RB076', null, 'and cannot be ended again');

-- One that cannot be enqueued keeps nobody else's from it.
select reimbursement.schedule_run('US02', 'other', 'reimbursement', '0 2 * * *');
update reimbursement.ledger_periods set is_open = false where legal_entity_id = 'US01';
select pg_temp.let_pass('nightly', '1 hour');
select pg_temp.let_pass('other', '1 hour');
update reimbursement.run_schedules set cron = '* * * * *';
select is(reimbursement.enqueue_due_runs(), 1, 'where one cannot be enqueued the others are');
select ok(s.last_error like '%(RB004)' and s.next_slot > now(), 'it says why, and waits for its next slot')
from reimbursement.schedules as s where s.schedule = 'nightly';
update reimbursement.ledger_periods set is_open = true where legal_entity_id = 'US01';
select pg_temp.let_pass('nightly', '0 minutes');
select is(reimbursement.enqueue_due_runs(), 1, 'there it is enqueued again');
select is((select s.last_error from reimbursement.schedules as s where s.schedule = 'nightly'), null, 'and forgets why');

-- Two sessions at once.
select test.open_other_session();
select pg_temp.let_pass('nightly', '0 minutes');
select test.in_other_session('begin');
select test.in_other_session('do $do$ begin perform reimbursement.enqueue_due_runs(); end $do$');
select is(reimbursement.enqueue_due_runs(), 0, 'a slot that another session is enqueueing is left to it, without a wait');
select test.in_other_session('rollback');
select is(reimbursement.enqueue_due_runs(), 1, 'where that session dies it is enqueued all the same');

-- A legal entity that somebody has locked keeps no other's slot from coming.
select pg_temp.let_pass('nightly', '0 minutes');
select pg_temp.let_pass('other', '0 minutes');
select test.in_other_session('begin');
select test.in_other_session($$ do $do$ begin
    perform from reimbursement.legal_entities as l where l.legal_entity_id = 'US01' for update; end $do$ $$);
select is(reimbursement.enqueue_due_runs(), 1, 'where a legal entity is locked the others'' runs are enqueued');
select test.in_other_session('rollback');
select is(reimbursement.enqueue_due_runs(), 1, 'and its own when it is free');

-- Bad input: refused, and nothing is written.
select throws_ok(
    format('select reimbursement.schedule_run(%s)', t.arguments), t.code, null, format('%s: %s', t.code, t.arguments))
from (
    values
    ($$'US09', 'x', 'reimbursement', '0 2 * * *'$$, 'RB001'),
    ($$'US01', 'x y', 'reimbursement', '0 2 * * *'$$, 'RB008'),
    ($$'US01', 'x', 'reimbursement', '0 2 30 2 *'$$, 'RB073'),
    ($$'US01', 'x', 'reversal', '0 2 * * *'$$, 'RB074'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', '{"nonsense": 1}'$$, 'RB074'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', '{"idempotency_key": "a"}'$$, 'RB074'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', '[]'$$, 'RB074'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', '{"customer_filter": "A..."}'$$, 'RB005'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', '{"batches": "many"}'$$, '22P02'),
    ($$'US01', 'x', 'reimbursement', '0 2 * * *', on_missed => 'twice'$$, 'RB007'),
    ($$'US01', 'x', 'reimbursement', null$$, 'RB006')
) as t (arguments, code);

select * from finish();
