-- The number sequences that a payment run takes numbers from.
create or replace function reimbursement.payment_sequences() returns text[]
language sql immutable parallel safe
as $$
    select array['payment']
$$;

comment on function reimbursement.payment_sequences() is 'The number sequences that a payment run takes numbers from.';
