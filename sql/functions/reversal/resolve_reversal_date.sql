-- The posting date of a reversal, checked together with its reason: no date is the legal entity's day of
-- p_run_at, or of now when that is later.
--
-- Reads: legal_entities. Raises: RB001 unknown legal entity, RB007 no reason, or a date that is none,
-- RB060 one too far ahead.
create or replace function reimbursement.resolve_reversal_date(
    p_legal_entity_id text, p_reason text, p_posting_date date, p_run_at timestamptz default now()
) returns date
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_on constant date := coalesce(p_posting_date, reimbursement.run_day(p_legal_entity_id, p_run_at));
    v_problem text;
begin
    if v_on is null then
        perform reimbursement.raise_unknown_legal_entity(p_legal_entity_id);
    end if;
    v_problem := case
        when coalesce(p_reason, '') !~ '\S' then 'a reversal needs a reason'
        when not isfinite(v_on) then 'posting_date is a day, not infinity'
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB007', message = v_problem,
            hint = 'Mend the arguments and call again; nothing was written.';
    end if;
    perform reimbursement.refuse_far_date(p_legal_entity_id, 'posting_date', v_on, p_run_at);
    return v_on;
end
$$;

comment on function reimbursement.resolve_reversal_date(text, text, date, timestamptz) is
'The posting date of a reversal, checked together with its reason.';
