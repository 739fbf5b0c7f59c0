-- Trigger: has claims find the jobs of a run whose transaction took long to commit after it was enqueued.
--
-- It fires at the commit: meanwhile claims may have come to look no farther back than to where they are. Reads: jobs.
-- Writes: claim_bounds.
create or replace function reimbursement.note_late_run() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    if clock_timestamp() - now() > interval '1 second' then
        insert into reimbursement.claim_bounds (queue, waiting_from)
        select j.queue, min(j.run_at)
        from reimbursement.jobs as j
        where j.legal_entity_id = new.legal_entity_id and j.run_id = new.run_id and j.state in ('scheduled', 'ready')
        group by j.queue;
    end if;
    return null;
end
$$;

comment on function reimbursement.note_late_run() is
'Trigger: has claims find the jobs of a run whose transaction took long to commit after it was enqueued.';
