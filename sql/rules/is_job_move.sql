-- Whether a job may go from one state to another, with its attempt counted on by so many: as the queue does it. What
-- has completed or was cancelled stays as it is, all of it.
--
-- A trigger asks for every job that is claimed or ended. It names nothing that is looked up, and sets no search_path.
create or replace function reimbursement.is_job_move(p_old_state text, p_new_state text, p_attempts int)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    if p_new_state = 'running' then
        return (p_old_state in ('ready', 'scheduled') and p_attempts = 1)
            or (p_old_state = 'running' and p_attempts = 0);
    end if;
    return p_attempts = 0 and case p_old_state
        when 'running' then p_new_state in ('completed', 'ready', 'failed', 'cancelled')
        when 'ready' then p_new_state in ('ready', 'scheduled', 'cancelled')
        when 'scheduled' then p_new_state in ('scheduled', 'ready', 'cancelled')
        when 'awaiting_approval' then p_new_state in ('awaiting_approval', 'ready', 'scheduled', 'cancelled')
        when 'failed' then p_new_state in ('failed', 'ready', 'awaiting_approval')
        else false
    end;
end
$$;

comment on function reimbursement.is_job_move(text, text, int) is
'Whether a job may go from one state to another, as the queue does it.';
