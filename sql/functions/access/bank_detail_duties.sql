-- The duties that see the bank details of their legal entity in full; to others they are masked.
create or replace function reimbursement.bank_detail_duties() returns text[]
language sql immutable parallel safe
as $$
    select '{payer, approver, bank, master, auditor}'::text[]
$$;

comment on function reimbursement.bank_detail_duties() is
'The duties that see the bank details of their legal entity in full.';
