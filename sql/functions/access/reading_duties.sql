-- The duties that read the books of their legal entity: all but those of queues and workers.
create or replace function reimbursement.reading_duties() returns text[]
language sql immutable parallel safe
as $$
    select '{clerk, payer, approver, bank, master, auditor}'::text[]
$$;

comment on function reimbursement.reading_duties() is 'The duties that read the books of their legal entity.';
