-- Trigger: has claims find a job that was given back, changed or put in another place.
--
-- It fires for rows that is_out_of_sight has found. Writes: waiting_lists, claim_bounds.
create or replace function reimbursement.note_job() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    insert into reimbursement.waiting_lists (queue, priority, legal_entity_id)
    values (new.queue, new.priority, new.legal_entity_id)
    on conflict do nothing;
    insert into reimbursement.claim_bounds (queue, waiting_from, running_from)
    values (
        new.queue,
        case when new.state <> 'running' then new.run_at end,
        case when new.state = 'running' then new.claimed_at end
    );
    return null;
end
$$;

comment on function reimbursement.note_job() is
'Trigger: has claims find a job that was given back, changed or put in another place.';
