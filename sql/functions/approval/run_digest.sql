-- The digest of what a run would do now: what approve_run takes, and what the transfer compares with.
--
-- It is over the rows of the preview, batch by batch: customer or invoice, payee, bank details, currency, amount,
-- credits; in lower-case hexadecimal. Two runs never have the same. Writes and locks nothing.
-- Raises: 42501 whoever asks has no duty that reads the books; RB033 no such run; RB050 it has nothing left to do.
create or replace function reimbursement.run_digest(run_id bigint) returns text
language plpgsql stable security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_run record;
    v_digest text;
begin
    select j.legal_entity_id, r.state into v_run
    from reimbursement.jobs as j
    inner join reimbursement.runs as r on r.legal_entity_id = j.legal_entity_id and r.run_id = j.run_id
    where j.run_id = run_digest.run_id
    limit 1;
    if not found then
        raise exception using errcode = 'RB033',
            message = format('there is no run %s', coalesce(run_digest.run_id::text, 'NULL')),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    perform reimbursement.require_duty(
        v_run.legal_entity_id, variadic reimbursement.reading_duties());
    select a.digest into v_digest from reimbursement.assess_run(v_run.legal_entity_id, run_digest.run_id) as a;
    if v_digest is null then
        raise exception using errcode = 'RB050',
            message = format('run %s has nothing left that it could do: it is %s', run_digest.run_id, v_run.state),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    return v_digest;
end
$$;

comment on function reimbursement.run_digest(bigint) is
'The digest of what a run would do now: payees, bank details, amounts and credits, batch by batch.';
