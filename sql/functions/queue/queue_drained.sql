-- Whether a queue has nothing to do: no job is ready, running or waiting for its next attempt. Jobs that are scheduled
-- for later do not count.
--
-- Reads: jobs. Raises: 42501 the duty worker, and operator, is missing.
create or replace function reimbursement.queue_drained(p_queue text default 'default') returns boolean
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker', 'operator');
    return not exists (
        select from reimbursement.jobs as j
        where j.queue = p_queue and j.state in ('scheduled', 'ready') and (j.state = 'ready' or j.run_at <= now())
    ) and not exists (
        select from reimbursement.jobs as j where j.queue = p_queue and j.state = 'running'
    );
end
$$;

comment on function reimbursement.queue_drained(text) is
'Whether no job of a queue is ready, running or waiting for its next attempt.';
