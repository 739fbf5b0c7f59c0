-- Refuses jobs that have come to more than they may: by itself each to less than every rule of its kind, or, where its
-- run was approved, to no more than the run was approved for.
--
-- p_outcomes: what the pass did, before it is committed. Called where there are rules, or the job was approved.
-- Reads: jobs, approval_rules, approved_jobs. Raises: RB054, which is not tried again.
create or replace function reimbursement.check_approved_amounts(
    p_legal_entity_id text, p_kind text, p_outcomes reimbursement.job_outcome []
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_over record;
begin
    select
        j.run_id, j.job_id, o.accounting_amount, j.approval_round, a.run_accounting_amount,
        reimbursement.approvals_needed(p_legal_entity_id, p_kind, o.accounting_amount) as approvals_needed
    into v_over
    from unnest(p_outcomes) as o
    cross join lateral (
        select x.run_id, x.job_id, x.approval_round
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id = o.job_id
        limit 1
    ) as j
    left join lateral (
        select x.run_accounting_amount
        from reimbursement.approved_jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id = o.job_id and x.approval_round = j.approval_round
        limit 1
    ) as a on true
    where case
        when j.approval_round is null
            then reimbursement.approvals_needed(p_legal_entity_id, p_kind, o.accounting_amount) > 0
        when j.approval_round > 0 then (o.accounting_amount <= a.run_accounting_amount) is not true
        else false
    end
    order by j.job_id
    limit 1;
    if not found then
        return;
    end if;
    raise exception using errcode = 'RB054',
        message = case
            when v_over.approval_round is null
                then format('job %s of run %s comes to %s and was not approved; approvals needed: %s',
                    v_over.job_id, v_over.run_id, v_over.accounting_amount, v_over.approvals_needed)
            else format('job %s of run %s comes to %s, and its run was approved for %s in all', v_over.job_id,
                v_over.run_id, v_over.accounting_amount, coalesce(v_over.run_accounting_amount::text, 'nothing'))
        end,
        detail = 'Books, rates or rules have changed since it was enqueued or approved; nothing was written.',
        hint = format('Call reimbursement.retry_run(%s), which asks for approval of what the run would do then.',
            v_over.run_id);
end
$$;

comment on function reimbursement.check_approved_amounts(text, text, reimbursement.job_outcome []) is
'Refuses jobs that have come to more than the rules let pass, or than their run was approved for.';
