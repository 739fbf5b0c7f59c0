-- A text as a field of the bank file has it: in SEPA's characters, and cut to the room there is.
--
-- Returns: the text; '' for what cannot be written, null for null. A cut never leaves a space or a slash at the end.
-- Calls: sepa_text.
create or replace function reimbursement.transfer_text(p_text text, p_length int) returns text
language sql immutable parallel safe
as $$
    select rtrim(left(reimbursement.sepa_text(p_text), p_length), ' /')
$$;

comment on function reimbursement.transfer_text(text, int) is
'A text as a field of the bank file has it: in SEPA''s characters, and cut to the room there is.';
