-- Who has approved a run as it is now: since approval was asked for the last time, and since the last vote of another
-- digest. Approvals of different digests do not add up: the older are void.
--
-- Reads: run_votes.
create or replace function reimbursement.valid_approvals(
    p_legal_entity_id text, p_run_id bigint, p_approval_round int, p_digest text
) returns setof reimbursement.run_votes
language sql stable set search_path = reimbursement, pg_temp
as $$
    select v.*
    from reimbursement.run_votes as v
    where v.legal_entity_id = p_legal_entity_id and v.run_id = p_run_id and v.approval_round = p_approval_round
        and v.decision = 'approved' and v.digest = p_digest
        and not exists (
            select from reimbursement.run_votes as x
            where x.legal_entity_id = p_legal_entity_id and x.run_id = p_run_id
                and x.approval_round = p_approval_round and x.vote > v.vote and x.digest <> p_digest
        )
$$;

comment on function reimbursement.valid_approvals(text, bigint, int, text) is
'Who has approved a run as it is now; approvals of what it was before are void.';
