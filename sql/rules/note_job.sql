-- Trigger: has claims find a job that was given back, changed, put in another place, or taken up again.
--
-- It fires for rows that is_out_of_sight has found, and for those that had not waited before: claims need not have
-- looked into their partition, unless numbers of it are still given to jobs. Reads: job_partitions. Writes:
-- waiting_lists, claim_bounds.
create or replace function reimbursement.note_job() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
declare
    v_is_new constant boolean := (
        select p.state = 'filling'
        from reimbursement.job_partitions as p
        where p.last_job_id >= new.job_id
        order by p.last_job_id
        limit 1
    );
begin
    if old.state in ('failed', 'awaiting_approval') and v_is_new and not reimbursement.is_out_of_sight(
        old.queue, old.priority, new.queue, new.priority, new.state, new.run_at, new.claimed_at
    ) then
        return null;
    end if;
    insert into reimbursement.waiting_lists (queue, priority, legal_entity_id)
    values (new.queue, new.priority, new.legal_entity_id)
    on conflict do nothing;
    insert into reimbursement.claim_bounds (queue, waiting_from, running_from, jobs_from)
    values (
        new.queue,
        case when new.state <> 'running' then new.run_at end,
        case when new.state = 'running' then new.claimed_at end,
        case when v_is_new is not true then new.job_id end
    );
    return null;
end
$$;

comment on function reimbursement.note_job() is
'Trigger: has claims find a job that was given back, changed, put in another place, or taken up again.';
