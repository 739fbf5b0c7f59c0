-- Trigger: has claims find jobs that are new.
--
-- Each has a list that claims look at; and one that is due since before the bound of the claims (claim_bounds) moves
-- it.
-- Writes: waiting_lists, claim_bounds.
create or replace function reimbursement.note_new_jobs() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    insert into reimbursement.waiting_lists (queue, priority, legal_entity_id)
    select distinct n.queue, n.priority, n.legal_entity_id from new_jobs as n
    on conflict do nothing;
    insert into reimbursement.claim_bounds (queue, waiting_from)
    select n.queue, min(n.run_at)
    from new_jobs as n
    group by n.queue
    having min(n.run_at) < clock_timestamp() - interval '1 second';
    return null;
end
$$;

comment on function reimbursement.note_new_jobs() is 'Trigger: has claims find jobs that are new.';
