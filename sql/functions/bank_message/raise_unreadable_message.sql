-- Raises RB066: what was given is no message of a bank that can be read, and why. Nothing was written.
create or replace function reimbursement.raise_unreadable_message(p_problem text, p_detail text default null)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    raise exception using errcode = 'RB066',
        message = format('the message of the bank cannot be read: %s', p_problem),
        detail = coalesce(p_detail, 'Nothing of it was imported.'),
        hint = 'Give the whole message as the bank made it: pain.002.001.03 or .10, camt.053 or camt.054 .001.02 or .08, up to 256 MB.';
end
$$;

comment on function reimbursement.raise_unreadable_message(text, text) is
'Raises RB066: what was given is no message of a bank that can be read, and why.';
