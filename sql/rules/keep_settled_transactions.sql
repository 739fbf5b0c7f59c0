-- Trigger: refuses to truncate the customer transactions while there are settlements of them.
--
-- Reads: settlements. Raises: RB015.
create or replace function reimbursement.keep_settled_transactions() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    if exists (select from reimbursement.settlements as s) then
        raise exception using errcode = 'RB015',
            message = 'customer transactions that have been settled here cannot be deleted',
            hint = 'Post a correction as a transaction of its own.';
    end if;
    return null;
end
$$;

comment on function reimbursement.keep_settled_transactions() is
'Trigger: refuses to truncate the customer transactions while there are settlements of them.';
