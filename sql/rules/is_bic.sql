-- Whether a text is a BIC (ISO 9362), of 8 or 11 characters, that each version of the bank file can carry.
--
-- Returns: true or false; null for null.
-- The pattern is that of pain.001.001.03: pain.001.001.09 allows more, but what is entered here goes into either.
-- Reads: nothing. It is called by triggers on what users load, for every row and as whoever writes, so that every name
-- in it has its schema.
create or replace function reimbursement.is_bic(p_bic text) returns boolean
language sql immutable parallel safe
as $$
    select p_bic operator(pg_catalog.~) '^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$'
$$;

comment on function reimbursement.is_bic(text) is
'Whether a text is a BIC of 8 or 11 characters that each version of the bank file can carry.';
