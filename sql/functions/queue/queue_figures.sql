-- How many jobs of each queue have not ended, by state, and for how long the oldest that is ready has been due.
--
-- For those who watch: it reads what waits and what runs, never what has ended. oldest_ready_seconds is null for a
-- state without a job that is due. Reads: jobs.
create or replace function reimbursement.queue_figures()
returns table (queue text, state text, jobs bigint, oldest_ready_seconds double precision)
language sql stable set search_path = reimbursement, pg_temp
as $$
    select
        j.queue, j.state, count(*),
        extract(epoch from max(now() - j.run_at) filter (where j.state = 'ready' and j.run_at <= now()))
    from reimbursement.jobs as j
    where j.state in ('scheduled', 'ready')
    group by j.queue, j.state
    union all
    select j.queue, j.state, count(*), null
    from reimbursement.jobs as j
    where j.state = 'running'
    group by j.queue, j.state
$$;

comment on function reimbursement.queue_figures() is
'How many jobs of each queue have not ended, by state, and for how long the oldest that is ready has been due.';
