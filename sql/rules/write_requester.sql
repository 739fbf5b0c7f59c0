-- Trigger: writes down who asks for a run. Nobody can write another: what an INSERT says of it does not count.
--
-- Reads: pg_roles.
create or replace function reimbursement.write_requester() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    new.requested_by := reimbursement.acting_role();
    select r.oid into new.requested_by_id from pg_catalog.pg_roles as r where r.rolname = new.requested_by;
    return new;
end
$$;

comment on function reimbursement.write_requester() is 'Trigger: writes down who asks for a run.';
