-- How many jobs of each queue have not ended, by state, and for how long the oldest that is ready has been due.
--
-- For those who watch: it reads what waits and what runs, never what has ended. oldest_ready_seconds is null for a
-- state without a job that is due. Reads: jobs. Raises: 42501 the duty worker, and operator, is missing.
create or replace function reimbursement.queue_figures()
returns table (queue text, state text, jobs bigint, oldest_ready_seconds double precision)
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
begin
    perform reimbursement.require_duty(null, 'worker', 'operator');
    return query
    select
        j.queue, j.state, count(*),
        extract(epoch from max(now() - j.run_at) filter (where j.state = 'ready' and j.run_at <= now()))::float8
    from reimbursement.jobs as j
    where j.state in ('scheduled', 'ready')
    group by j.queue, j.state
    union all
    select j.queue, j.state, count(*), null::float8
    from reimbursement.jobs as j
    where j.state = 'running'
    group by j.queue, j.state;
end
$$;

comment on function reimbursement.queue_figures() is
'How many jobs of each queue have not ended, by state, and for how long the oldest that is ready has been due.';
