-- Lets the jobs of a run that wait for approval be claimed, when it is their time, and wakes the queue's workers.
--
-- p_approval_round: the round in which they were approved; null: they need no approval.
-- Writes: jobs.
create or replace function reimbursement.release_run(p_legal_entity_id text, p_run_id bigint, p_approval_round int)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    update reimbursement.jobs as j
    set
        state = case when j.run_at > now() then 'scheduled' else 'ready' end,
        approval_round = case when j.approval_round = 0 then 0 else p_approval_round end
    where j.legal_entity_id = p_legal_entity_id and j.run_id = p_run_id and j.state = 'awaiting_approval';
    perform pg_notify('reimbursement.' || q.queue, '')
    from (
        select distinct j.queue
        from reimbursement.jobs as j
        where j.legal_entity_id = p_legal_entity_id and j.run_id = p_run_id
    ) as q;
end
$$;

comment on function reimbursement.release_run(text, bigint, int) is
'Lets the jobs of a run that wait for approval be claimed, when it is their time.';
