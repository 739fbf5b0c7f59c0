-- Writes a vote on a run down, which begin_vote has begun.
--
-- Writes: run_votes. Raises: RB052 he has voted on the run as it is now already.
create or replace function reimbursement.record_vote(
    p_legal_entity_id text, p_run_id bigint, p_approval_round int, p_approver text, p_approver_id oid, p_decision text,
    p_digest text, p_accounting_amount numeric, p_note text
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_earlier reimbursement.run_votes;
begin
    select v.* into v_earlier
    from reimbursement.valid_approvals(p_legal_entity_id, p_run_id, p_approval_round, p_digest) as v
    where v.approver = p_approver or v.approver_id = p_approver_id;
    if found then
        raise exception using errcode = 'RB052',
            message = format('"%s" has approved run %s already', p_approver, p_run_id),
            detail = format('At %s, as it still is.', v_earlier.at),
            hint = 'It takes the vote of another person. The view reimbursement.run_approvals has all votes.';
    end if;
    insert into reimbursement.run_votes (
        legal_entity_id, run_id, vote, approval_round, approver, approver_id, decision, digest, accounting_amount, note
    )
    select
        p_legal_entity_id, p_run_id, count(*) + 1, p_approval_round, p_approver, p_approver_id, p_decision, p_digest,
        p_accounting_amount, p_note
    from reimbursement.run_votes as v
    where v.legal_entity_id = p_legal_entity_id and v.run_id = p_run_id;
end
$$;

comment on function reimbursement.record_vote(text, bigint, int, text, oid, text, text, numeric, text) is
'Writes a vote on a run down; one person has one vote.';
