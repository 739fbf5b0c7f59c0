-- The number sequences that a reversal takes numbers from.
create or replace function reimbursement.reversal_sequences() returns text[]
language sql immutable parallel safe
as $$
    select array['reversal']
$$;

comment on function reimbursement.reversal_sequences() is 'The number sequences that a reversal takes numbers from.';
