-- The latest slot of a cron expression in a span of time, by a time zone's clock.
--
-- Returns: the slot, later than p_after and not later than p_until; null when there is none.
-- Raises: RB073 the expression does not parse; 22023 for an unknown time zone.
create or replace function reimbursement.latest_slot(
    p_cron text, p_time_zone text, p_after timestamptz, p_until timestamptz
) returns timestamptz
language plpgsql stable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_times constant reimbursement.cron_times := reimbursement.parse_cron(p_cron);
    v_first constant date := (p_after at time zone p_time_zone)::date - 1;
    v_day date := (p_until at time zone p_time_zone)::date;
    v_slot timestamptz;
begin
    while v_day >= v_first loop
        select max(s.slot) into v_slot
        from reimbursement.slots_of_day(v_times, p_time_zone, v_day) as s (slot)
        where s.slot > p_after and s.slot <= p_until;
        if v_slot is not null then
            return v_slot;
        end if;
        v_day := v_day - 1;
    end loop;
    return null;
end
$$;

comment on function reimbursement.latest_slot(text, text, timestamptz, timestamptz) is
'The latest slot of a cron expression in a span of time, by a time zone''s clock.';
