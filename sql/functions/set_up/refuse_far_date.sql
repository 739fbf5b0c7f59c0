-- Refuses a date of a posting that lies further ahead than the legal entity lets it: more than max_days_ahead days
-- after today, or after the day on which it is to be posted.
--
-- A wrong year would lock credits and invoices up until then, as nothing is dated before what it touches. An infinite
-- date is for the caller to refuse. p_name: the argument, for the error.
-- Returns nothing. Reads: legal_entities. Raises: RB060.
create or replace function reimbursement.refuse_far_date(
    p_legal_entity_id text, p_name text, p_date date, p_run_at timestamptz
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_day constant date := reimbursement.run_day(p_legal_entity_id, p_run_at);
    v_most constant int := (
        select le.max_days_ahead from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
begin
    if isfinite(p_date) and p_date - v_day > v_most then
        raise exception using errcode = 'RB060',
            message = format('%s %s is %s days after %s, and in legal entity "%s" at most %s are allowed', p_name, p_date,
                p_date - v_day, v_day, p_legal_entity_id, v_most),
            detail = 'Nothing may be dated before it on what it touches, so that a wrong year would lock credits and invoices up until then.',
            hint = 'Give another date, or a run_at nearer to it; how far ahead one may date is max_days_ahead in reimbursement.legal_entities.';
    end if;
end
$$;

comment on function reimbursement.refuse_far_date(text, text, date, timestamptz) is
'Refuses a date further ahead than max_days_ahead days after today, or after the day on which it is to be posted.';
