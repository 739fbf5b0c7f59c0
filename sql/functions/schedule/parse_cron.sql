-- Parses a cron expression: minute, hour, day of the month, month, day of the week.
--
-- As cron has it: * , - and / in every field, JAN to DEC, SUN to SAT, 7 is Sunday too. Where the day of the month and
-- that of the week are both restricted, a day that matches either one counts.
-- Raises: RB073 with the field that does not parse, or when no day of any year matches.
create or replace function reimbursement.parse_cron(p_cron text) returns reimbursement.cron_times
language plpgsql immutable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    c_names constant text [] := array['minute', 'hour', 'day of the month', 'month', 'day of the week'];
    v_fields constant text [] := regexp_split_to_array(btrim(p_cron, E' \t'), '[ \t]+');
    v_times reimbursement.cron_times;
    v_problem text;
begin
    if cardinality(v_fields) = 5 then
        v_times.minutes := reimbursement.cron_values(v_fields[1], 0, 59);
        v_times.hours := reimbursement.cron_values(v_fields[2], 0, 23);
        v_times.month_days := reimbursement.cron_values(v_fields[3], 1, 31);
        v_times.months := reimbursement.cron_values(
            v_fields[4], 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}');
        v_times.week_days := array(
            select distinct u.day % 7
            from unnest(reimbursement.cron_values(v_fields[5], 0, 7, '{SUN,MON,TUE,WED,THU,FRI,SAT}')) as u (day)
            order by u.day % 7);
        v_times.week_days := nullif(v_times.week_days, '{}');
        v_times.is_either_day := left(v_fields[3], 1) <> '*' and left(v_fields[5], 1) <> '*';
        v_problem := (
            select format('its field %s, the %s, is "%s"', f.place, c_names[f.place], v_fields[f.place])
            from unnest(
                array[
                    v_times.minutes is null, v_times.hours is null, v_times.month_days is null,
                    v_times.months is null, v_times.week_days is null
                ]
            ) with ordinality as f (is_wrong, place)
            where f.is_wrong
            order by f.place
            limit 1
        );
        -- The 29th of February comes; the 30th, and the 31st of a month of thirty days, do not.
        if v_problem is null and not v_times.is_either_day
            and v_times.month_days[1] > (select max((array[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[m.month])
                from unnest(v_times.months) as m (month))
        then
            v_problem := 'it names a day that no year has';
        end if;
    else
        v_problem := format('it has %s fields', coalesce(cardinality(v_fields), 0));
    end if;
    if v_problem is not null then
        raise exception using errcode = 'RB073',
            message = format('"%s" is no cron expression: %s', p_cron, v_problem),
            hint = 'Give five fields: minute, hour, day of the month, month, day of the week. "0 6 * * MON-FRI" is six in the morning on working days.';
    end if;
    return v_times;
end
$$;

comment on function reimbursement.parse_cron(text) is
'Parses a cron expression of five fields; raises RB073 where it does not parse or never comes true.';
