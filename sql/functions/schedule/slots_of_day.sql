-- The slots of one day of a place's calendar: when a cron expression comes true, each once.
--
-- Raises: 22023 for an unknown time zone.
create or replace function reimbursement.slots_of_day(p_times reimbursement.cron_times, p_time_zone text, p_day date)
returns setof timestamptz
language sql stable parallel safe
as $$
    select distinct reimbursement.slot_instant(p_day + make_time(h.hour, m.minute, 0), p_time_zone)
    from unnest((p_times).hours) as h (hour)
    cross join unnest((p_times).minutes) as m (minute)
    where extract(month from p_day)::int = any ((p_times).months)
        and case
            when (p_times).is_either_day then
                extract(day from p_day)::int = any ((p_times).month_days)
                or extract(dow from p_day)::int = any ((p_times).week_days)
            else
                extract(day from p_day)::int = any ((p_times).month_days)
                and extract(dow from p_day)::int = any ((p_times).week_days)
        end
$$;

comment on function reimbursement.slots_of_day(reimbursement.cron_times, text, date) is
'The slots of one day of a place''s calendar: when a cron expression comes true, each once.';
