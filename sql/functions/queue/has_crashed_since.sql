-- Whether the server has crashed since some time, so that all that ran then was thrown out by something.
--
-- After a crash the server forgets its statistics, and says since when it has counted; a restart in good order keeps
-- them. Whoever resets pg_stat_bgwriter by hand is taken for a crash, which only costs time. Reads: pg_stat_bgwriter.
create or replace function reimbursement.has_crashed_since(p_time timestamptz) returns boolean
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    return (select b.stats_reset > p_time from pg_catalog.pg_stat_bgwriter as b) is true;
end
$$;

comment on function reimbursement.has_crashed_since(timestamptz) is
'Whether the server has crashed since some time: whatever ran then may have been the cause.';
