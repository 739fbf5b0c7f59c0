-- Whether a queue has nothing to do: no job is ready, running or waiting for its next attempt. Jobs that are scheduled
-- for later do not count.
create or replace function reimbursement.queue_drained(p_queue text default 'default') returns boolean
language sql stable
as $$
    select not exists (
        select from reimbursement.jobs as j
        where j.queue = p_queue
            and (j.state in ('ready', 'running') or (j.state = 'scheduled' and j.run_at <= now()))
    )
$$;

comment on function reimbursement.queue_drained(text) is
'Whether no job of a queue is ready, running or waiting for its next attempt.';
