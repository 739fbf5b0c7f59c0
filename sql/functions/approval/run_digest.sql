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
    v_legal_entity_id constant text := reimbursement.legal_entity_of_run(run_digest.run_id);
    v_digest text;
begin
    perform reimbursement.require_duty(v_legal_entity_id, variadic reimbursement.reading_duties());
    if v_legal_entity_id is null then
        raise exception using errcode = 'RB033',
            message = format('there is no run %s', coalesce(run_digest.run_id::text, 'NULL')),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    select a.digest into v_digest from reimbursement.assess_run(v_legal_entity_id, run_digest.run_id) as a;
    if v_digest is null then
        raise exception using errcode = 'RB050',
            message = format('run %s has nothing left that it could do: it is %s', run_digest.run_id,
                (select r.state from reimbursement.runs as r where r.run_id = run_digest.run_id)),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    return v_digest;
end
$$;

comment on function reimbursement.run_digest(bigint) is
'The digest of what a run would do now: payees, bank details, amounts and credits, batch by batch.';
