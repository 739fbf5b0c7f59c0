-- When a cron expression comes true next, by a time zone's clock.
--
-- p_after: the slot is later than this. Returns: the slot; null when there is none in the forty years that follow (the
-- 29th of February on a given day of the week comes every 28 years, or after 40).
-- Raises: RB073 the expression does not parse; 22023 for an unknown time zone.
create or replace function reimbursement.next_slot(p_cron text, p_time_zone text, p_after timestamptz)
returns timestamptz
language plpgsql stable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_times constant reimbursement.cron_times := reimbursement.parse_cron(p_cron);
    v_today constant date := (p_after at time zone p_time_zone)::date;
    -- A slot of yesterday that the clock jumped over happens today.
    v_day date := v_today - 1;
    v_slot timestamptz;
begin
    while v_day <= v_today + interval '40 years' loop
        select min(s.slot) into v_slot
        from reimbursement.slots_of_day(v_times, p_time_zone, v_day) as s (slot)
        where s.slot > p_after;
        if v_slot is not null then
            return v_slot;
        end if;
        v_day := v_day + 1;
    end loop;
    return null;
end
$$;

comment on function reimbursement.next_slot(text, text, timestamptz) is
'When a cron expression comes true next after a time, by a time zone''s clock.';
