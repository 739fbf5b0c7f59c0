-- Raises RB026 when a reversal is dated before what it touches.
--
-- p_latest: the latest date of what it touches, null for nothing; p_what: whose date it is.
create or replace function reimbursement.refuse_early_reversal(p_posting_date date, p_latest date, p_what text)
returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    if p_latest > p_posting_date then
        raise exception using errcode = 'RB026',
            message = format('the posting date %s is before %s, the date of %s or of its latest settlement',
                p_posting_date, p_latest, p_what),
            hint = format('Nothing is dated before what it touches: choose a posting date from %s on.', p_latest);
    end if;
end
$$;

comment on function reimbursement.refuse_early_reversal(date, date, text) is
'Raises RB026 when a reversal is dated before what it touches.';
