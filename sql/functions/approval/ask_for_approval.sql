-- Decides whether a run whose jobs were made to wait for approval has to: one that comes to less than every rule of its
-- kind is let go at once.
--
-- Called at the end of enqueueing and of a retry, for a legal entity with rules for the kind alone.
-- Reads: as assess_run. Writes: jobs.
create or replace function reimbursement.ask_for_approval(p_legal_entity_id text, p_run_id bigint) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    if (select a.approvals_needed from reimbursement.assess_run(p_legal_entity_id, p_run_id) as a) = 0 then
        perform reimbursement.release_run(p_legal_entity_id, p_run_id, null);
    end if;
end
$$;

comment on function reimbursement.ask_for_approval(text, bigint) is
'Lets a run go at once that comes to less than every rule of its kind.';
