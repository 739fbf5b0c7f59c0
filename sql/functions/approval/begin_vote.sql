-- Begins a vote on a run: who votes, on what, and that it is not his own. The caller has asked for the duty.
--
-- The jobs that wait are locked until the transaction ends, so that votes on a run come one after the other and each
-- sees the earlier ones; hence READ COMMITTED.
-- Locks: the run's jobs that wait for approval, in the order of their ids.
-- Raises: 42501 it is his own run; RB006; RB030 the transaction is not READ COMMITTED; RB033 no such run; RB050 the run
-- does not wait for approval.
create or replace function reimbursement.begin_vote(
    p_run_id bigint, out legal_entity_id text, out approval_round int, out approver text, out approver_id oid
)
language plpgsql set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
declare
    v_request reimbursement.run_requests;
    v_state text;
begin
    perform reimbursement.require_arguments(jsonb_build_object('run_id', p_run_id));
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            'nobody votes on a run', 'A vote has to see what others voted while it waited for them.');
    end if;
    select q.* into v_request from reimbursement.run_requests as q where q.run_id = p_run_id;
    if not found then
        raise exception using errcode = 'RB033',
            message = format('there is no run %s', p_run_id),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    legal_entity_id := v_request.legal_entity_id;
    approver := reimbursement.acting_role();
    select r.oid into approver_id from pg_catalog.pg_roles as r where r.rolname = approver;

    select max(l.approval_round) into approval_round
    from (
        select j.approval_round
        from reimbursement.jobs as j
        where j.legal_entity_id = v_request.legal_entity_id and j.run_id = p_run_id and j.state = 'awaiting_approval'
        order by j.job_id
        for no key update
    ) as l;
    if approval_round is null then
        select r.state into v_state from reimbursement.runs as r where r.run_id = p_run_id;
        raise exception using errcode = 'RB050',
            message = format('run %s does not wait for approval: it is %s', p_run_id, v_state),
            hint = 'The view reimbursement.pending_approvals lists the runs that do.';
    end if;
    if v_request.requested_by = approver or v_request.requested_by_id = approver_id then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied: run %s was asked for by "%s", and nobody votes on a run of his own',
                p_run_id, v_request.requested_by),
            hint = 'Another person with the duty approver has to.';
    end if;
end
$$;

comment on function reimbursement.begin_vote(bigint) is
'Begins a vote on a run: who votes, on what, and that he may.';
