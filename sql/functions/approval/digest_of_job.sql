-- The digest of what a job would do: SHA-256 of its rows in the order of their keys, in lower-case hexadecimal.
create or replace function reimbursement.digest_of_job(p_rows reimbursement.approval_row []) returns text
language sql immutable parallel safe
as $$
    select encode(sha256(convert_to(coalesce(
        string_agg(r.row_key || ' ' || r.row_digest, e'\n' order by r.row_key collate "C"), ''), 'UTF8')), 'hex')
    from unnest(p_rows) as r
$$;

comment on function reimbursement.digest_of_job(reimbursement.approval_row []) is 'The digest of what a job would do.';
