-- When a minute of a place's clock happens.
--
-- Returns: the minute itself; where the clock is put forward past it, the next minute that there is; where the clock is
-- put back and shows it twice, the first of the two.
-- Raises: 22023 for an unknown time zone.
create or replace function reimbursement.slot_instant(p_local timestamp, p_time_zone text) returns timestamptz
language plpgsql stable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_instant constant timestamptz := p_local at time zone p_time_zone;
begin
    if v_instant at time zone p_time_zone <> p_local then
        -- The end of the gap is where the clock is again what it should be; the longest one, a whole day, was at the
        -- date line.
        return (
            select m.minute at time zone p_time_zone
            from generate_series(p_local, p_local + interval '25 hours', '1 minute') as m (minute)
            where (m.minute at time zone p_time_zone) at time zone p_time_zone = m.minute
            order by m.minute
            limit 1
        );
    end if;
    -- PostgreSQL takes the second one. Clocks are put back by up to three hours, by multiples of ten minutes.
    return (
        select min(b.instant)
        from generate_series(v_instant - interval '3 hours', v_instant, '10 minutes') as b (instant)
        where b.instant at time zone p_time_zone = p_local
    );
end
$$;

comment on function reimbursement.slot_instant(timestamp, text) is
'When a minute of a place''s clock happens: in a gap the next minute there is, of two the first.';
