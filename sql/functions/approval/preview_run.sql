-- What a run that waits would do now, row by row, as it is approved: preview_run(57), then approve_run(57, digest).
--
-- A row is a customer's reimbursement, an invoice, a reimbursement or a payment; what says the same as its digest is
-- over: payee, bank details (masked), currency, amount. Of a run that waits for nobody: what has not begun of it.
-- Writes and locks nothing. Raises: 42501 whoever asks has no duty that reads the books; RB033 no such run.
create or replace function reimbursement.preview_run(run_id bigint)
returns table (batch int, what text, accounting_amount numeric)
language plpgsql stable security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_legal_entity_id constant text := reimbursement.legal_entity_of_run(preview_run.run_id);
begin
    perform reimbursement.require_duty(v_legal_entity_id, variadic reimbursement.reading_duties());
    if v_legal_entity_id is null then
        raise exception using errcode = 'RB033',
            message = format('there is no run %s', coalesce(preview_run.run_id::text, 'NULL')),
            hint = 'The view reimbursement.pending_approvals lists the runs that wait for approval.';
    end if;
    return query
    select j.batch, r.shown, r.accounting_amount
    from reimbursement.rows_to_approve(v_legal_entity_id, preview_run.run_id) as w
    cross join lateral unnest(w.approval_rows) as r
    inner join reimbursement.jobs as j on j.legal_entity_id = v_legal_entity_id and j.job_id = r.job_id
    order by j.batch, r.row_key collate "C";
end
$$;

comment on function reimbursement.preview_run(bigint) is
'What a run that waits would do now, row by row, as it is approved.';
