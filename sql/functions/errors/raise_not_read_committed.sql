-- Raises RB030: what has to see what others commit while it waits is called in a transaction that does not.
--
-- p_refused: what is not done, as the message says it. p_reason: why, as a sentence.
create or replace function reimbursement.raise_not_read_committed(p_refused text, p_reason text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    raise exception using errcode = 'RB030',
        message = format('%s in a transaction that is %s', p_refused, current_setting('transaction_isolation')),
        detail = p_reason,
        hint = 'Begin the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
end
$$;

comment on function reimbursement.raise_not_read_committed(text, text) is
'Raises RB030: the transaction does not see what others commit meanwhile.';
