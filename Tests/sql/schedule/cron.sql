-- When a cron expression comes true, by a place's clock.
select plan(48);

-- What follows what, by the clock of the place.
create function pg_temp.next_local(cron text, after timestamp, time_zone text default 'UTC') returns text
language sql
as $$
    select to_char(
        reimbursement.next_slot(
            next_local.cron, next_local.time_zone, next_local.after at time zone next_local.time_zone
        ) at time zone next_local.time_zone, 'Dy YYYY-MM-DD HH24:MI')
$$;

select is(pg_temp.next_local(t.cron, t.after::timestamp), t.slot, format('%s after %s', t.cron, t.after))
from (
    values
    ('* * * * *', '2026-11-24 12:00', 'Tue 2026-11-24 12:01'),
    ('* * * * *', '2026-11-24 12:00:30', 'Tue 2026-11-24 12:01'),
    ('*/15 * * * *', '2026-11-24 12:01', 'Tue 2026-11-24 12:15'),
    ('0 6 * * *', '2026-11-24 06:00', 'Wed 2026-11-25 06:00'),
    ('0 6 * * *', '2026-11-24 05:59:59.999999', 'Tue 2026-11-24 06:00'),
    ('30 18 * * MON-FRI', '2026-11-27 18:30', 'Mon 2026-11-30 18:30'),
    ('0 0 1 * *', '2026-11-24 00:00', 'Tue 2026-12-01 00:00'),
    ('0 0 31 * *', '2026-11-24 00:00', 'Thu 2026-12-31 00:00'),
    ('0 0 29 2 *', '2026-11-24 00:00', 'Tue 2028-02-29 00:00'),
    ('0 0 29 2 *', '2096-02-29 00:00', 'Fri 2104-02-29 00:00'),
    ('0 0 29 feb mon', '2026-11-24 00:00', 'Mon 2027-02-01 00:00'),
    ('0 0 * * 0', '2026-11-24 00:00', 'Sun 2026-11-29 00:00'),
    ('0 0 * * 7', '2026-11-24 00:00', 'Sun 2026-11-29 00:00'),
    ('0 0 * * sat-7', '2026-11-24 00:00', 'Sat 2026-11-28 00:00'),
    ('0 0 13 * FRI', '2026-11-24 00:00', 'Fri 2026-11-27 00:00'),
    ('0 0 13 * FRI', '2026-11-27 00:00', 'Fri 2026-12-04 00:00'),
    ('0 0 */2 * FRI', '2026-11-24 00:00', 'Fri 2026-11-27 00:00'),
    ('0 0 */2 * FRI', '2026-11-27 00:00', 'Fri 2026-12-11 00:00'),
    ('5,35 8-10/2 * * *', '2026-11-24 08:35', 'Tue 2026-11-24 10:05'),
    (E' 0\t6  * * * ', '2026-11-24 06:00', 'Wed 2026-11-25 06:00')
) as t (cron, after, slot);

-- Clocks that are put forward and back: Europe on 29 March and 25 October 2026, Lord Howe by half an hour on 5 April
-- 2026, Samoa without 30 December 2011.
select is(pg_temp.next_local('30 2 * * *', '2026-03-28 12:00', 'Europe/Berlin'), 'Sun 2026-03-29 03:00',
    'a slot that the clock jumps over happens at the next minute there is');
select is(pg_temp.next_local('30 2 * * *', '2026-03-29 03:00', 'Europe/Berlin'), 'Mon 2026-03-30 02:30', 'and once');
select is(
    array(
        select to_char(s.slot at time zone 'UTC', 'HH24:MI')
        from reimbursement.slots_of_day(reimbursement.parse_cron('*/30 2,3 * * *'), 'Europe/Berlin', '2026-03-29') as s (slot)
        order by s.slot
    ), array['01:00', '01:30'], 'slots that fall on one minute are one');
select is(reimbursement.next_slot('30 2 * * *', 'Europe/Berlin', '2026-10-24 12:00+00'),
    '2026-10-25 00:30+00'::timestamptz, 'a slot that the clock shows twice happens at the first');
select is(reimbursement.next_slot('30 2 * * *', 'Europe/Berlin', '2026-10-25 00:30+00'),
    '2026-10-26 01:30+00'::timestamptz, 'and not at the second');
select is(reimbursement.next_slot('*/20 * * * *', 'Europe/Berlin', '2026-10-25 00:45+00'),
    '2026-10-25 02:00+00'::timestamptz, 'also when it comes true all the time');
select is(reimbursement.next_slot('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04 12:00+00'),
    '2026-04-04 14:45+00'::timestamptz, 'also where clocks are put back by half an hour');
select is(reimbursement.next_slot('0 12 30 12 *', 'Pacific/Apia', '2011-12-01 00:00+00'),
    '2011-12-30 10:00+00'::timestamptz, 'a slot of a day that was left out happens as the next one begins');

-- The latest one.
select is(
    reimbursement.latest_slot('0 6 * * *', 'UTC', t.after, t.until), t.slot,
    format('the latest after %s until %s', t.after, t.until))
from (
    values
    ('2026-01-01 00:00+00'::timestamptz, '2026-11-24 05:59+00'::timestamptz, '2026-11-23 06:00+00'::timestamptz),
    ('2026-01-01 00:00+00', '2026-11-24 06:00+00', '2026-11-24 06:00+00'),
    ('2026-11-24 06:00+00', '2026-11-25 05:00+00', null)
) as t (after, until, slot);

-- What does not parse, or never comes true.
select throws_ok(format('select reimbursement.parse_cron(%L)', t.cron), 'RB073', null, format('refused: "%s"', t.cron))
from (
    values
    (''), ('* * * *'), ('* * * * * *'), ('60 * * * *'), ('* 24 * * *'), ('* * 0 * *'), ('* * * 13 *'), ('* * * * 8'),
    ('5-1 * * * *'), ('*/0 * * * *'), ('1/5 * * * *'), ('@daily'), ('0 0 30 2 *'), ('0 0 31 4,6 *'), ('0 0 * * MON-')
) as t (cron);
select throws_ok('select reimbursement.parse_cron(null)', 'RB073', null, 'refused: NULL');
select lives_ok($$ select reimbursement.parse_cron('0 0 30 2 MON') $$, 'a day of the week comes, whatever the month''s day');

select * from finish();
