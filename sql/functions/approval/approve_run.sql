-- Approves what a run that waits for approval would do now: approve_run(57).
--
-- digest: of what was looked at (run_digest); where it is another now, the vote is refused. Left out: whatever it is.
-- With the last approval that it takes, the run becomes ready, or scheduled; what was approved is kept, row by row, and
-- the transfer does exactly that or nothing. How many it takes is judged by what the run comes to now. Returns nothing.
-- Writes: run_votes, approved_jobs, approved_rows, jobs. Locks: the run's jobs that wait. Notifies the queue's workers.
-- Raises: 42501 the duty approver is missing; as begin_vote and record_vote; RB051 the digest is not the present one.
-- Then nothing is written.
create or replace function reimbursement.approve_run(run_id bigint, digest text default null, note text default null)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_vote record;
    v_run record;
begin
    perform reimbursement.require_duty(reimbursement.legal_entity_of_run(approve_run.run_id), 'approver');
    select b.* into v_vote from reimbursement.begin_vote(approve_run.run_id) as b;
    select a.* into v_run from reimbursement.assess_run(v_vote.legal_entity_id, approve_run.run_id) as a;
    if approve_run.digest <> v_run.digest then
        raise exception using errcode = 'RB051',
            message = format('what run %s would do is not what digest "%s" is of', approve_run.run_id,
                approve_run.digest),
            detail = format('The present digest is %s: the books have changed since, or it is another run''s.',
                v_run.digest),
            hint = format('Look at the run again, then take reimbursement.run_digest(%s).', approve_run.run_id);
    end if;
    perform reimbursement.record_vote(
        v_vote.legal_entity_id, approve_run.run_id, v_vote.approval_round, v_vote.approver, v_vote.approver_id,
        'approved', v_run.digest, v_run.accounting_amount, approve_run.note);

    if (
        select count(*)
        from reimbursement.valid_approvals(
            v_vote.legal_entity_id, approve_run.run_id, v_vote.approval_round, v_run.digest)
    ) < v_run.approvals_needed then
        return;
    end if;
    insert into reimbursement.approved_jobs
        (legal_entity_id, job_id, approval_round, run_id, digest, run_accounting_amount)
    select
        v_vote.legal_entity_id, j.job_id, v_vote.approval_round, approve_run.run_id, j.digest, v_run.accounting_amount
    from unnest(v_run.job_ids, v_run.job_digests) as j (job_id, digest);
    insert into reimbursement.approved_rows
        (legal_entity_id, job_id, approval_round, row_key, row_digest, shown)
    select v_vote.legal_entity_id, r.job_id, v_vote.approval_round, r.row_key, r.row_digest, r.shown
    from unnest(v_run.approval_rows) as r;
    perform reimbursement.release_run(v_vote.legal_entity_id, approve_run.run_id, v_vote.approval_round);
end
$$;

comment on function reimbursement.approve_run(bigint, text, text) is
'Approves what a run that waits for approval would do now. With the last approval that it takes, the run becomes ready.';
