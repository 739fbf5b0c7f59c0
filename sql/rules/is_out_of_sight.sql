-- Whether claims may not find a job that has become this: one that waits or runs since longer ago than they look back
-- (claim_bounds), or that has changed its list.
--
-- A trigger asks for every job that is claimed or ended. It names nothing that is looked up, and sets no search_path.
create or replace function reimbursement.is_out_of_sight(
    p_old_queue text, p_old_priority int, p_queue text, p_priority int, p_state text, p_run_at timestamptz,
    p_claimed_at timestamptz
) returns boolean
language plpgsql stable parallel safe
as $$
begin
    return case p_state
        when 'running' then p_claimed_at < clock_timestamp() - interval '1 second'
        when 'completed' then false
        else p_state in ('ready', 'scheduled') and (
            p_run_at < clock_timestamp() - interval '1 second'
            or p_queue <> p_old_queue or p_priority <> p_old_priority
        )
    end;
end
$$;

comment on function reimbursement.is_out_of_sight(text, int, text, int, text, timestamptz, timestamptz) is
'Whether claims may not find a job that has become this, unless they are told.';
