-- Rejects a run that waits for approval: what waits of it is cancelled, for good.
--
-- reason: why, kept with the vote and shown as the run's error. Returns nothing.
-- Writes: run_votes, jobs. Locks: the run's jobs that wait.
-- Raises: 42501 the duty approver is missing; as begin_vote and record_vote; RB007 without a reason. Then nothing is
-- written.
create or replace function reimbursement.reject_run(run_id bigint, reason text) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_vote record;
    v_run record;
begin
    perform reimbursement.require_duty(reimbursement.legal_entity_of_run(reject_run.run_id), 'approver');
    if coalesce(btrim(reject_run.reason), '') = '' then
        raise exception using errcode = 'RB007',
            message = 'a run is rejected for a reason, and none was given',
            hint = 'Say in reason what is wrong with it: whoever asked for the run will read it.';
    end if;
    select b.* into v_vote from reimbursement.begin_vote(reject_run.run_id) as b;
    select a.* into v_run from reimbursement.assess_run(v_vote.legal_entity_id, reject_run.run_id) as a;
    perform reimbursement.record_vote(
        v_vote.legal_entity_id, reject_run.run_id, v_vote.approval_round, v_vote.approver, v_vote.approver_id,
        'rejected', v_run.digest, v_run.accounting_amount, reject_run.reason);
    update reimbursement.jobs as j
    set
        state = 'cancelled', finished_at = clock_timestamp(),
        last_error = format('rejected by %s: %s', v_vote.approver, reject_run.reason)
    where j.legal_entity_id = v_vote.legal_entity_id and j.run_id = reject_run.run_id
        and j.state = 'awaiting_approval';
end
$$;

comment on function reimbursement.reject_run(bigint, text) is
'Rejects a run that waits for approval: what waits of it is cancelled.';
