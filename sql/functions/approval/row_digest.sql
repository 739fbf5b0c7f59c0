-- The digest of what is approved in a row: SHA-256 of its values, in lower-case hexadecimal.
create or replace function reimbursement.row_digest(p_values jsonb) returns text
language sql immutable parallel safe
as $$
    select encode(sha256(convert_to(p_values::text, 'UTF8')), 'hex')
$$;

comment on function reimbursement.row_digest(jsonb) is 'The digest of what is approved in a row.';
