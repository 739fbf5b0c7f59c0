-- The number sequences that a reimbursement run takes numbers from.
create or replace function reimbursement.reimbursement_sequences() returns text[]
language sql immutable parallel safe
as $$
    select array['reimbursement', 'vendor_invoice', 'one_time_vendor', 'settlement']
$$;

comment on function reimbursement.reimbursement_sequences() is
'The number sequences that a reimbursement run takes numbers from.';
