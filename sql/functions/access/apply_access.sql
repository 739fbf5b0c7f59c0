-- Carries out access_rules: row-level security, policies, and privileges on everything that Reimburse installed.
--
-- The end of every reimburse migrate. What it finds right it leaves alone. Privileges to select that somebody granted
-- stay, behind the policies; what lets another role write, lock, truncate, refer to a table or put a trigger on it, or
-- create objects in the schema, is taken away, column by column too, because these things are done by functions.
-- Returns: what was taken away, as text, for whoever migrates. Reads: the catalog.
create or replace function reimbursement.apply_access() returns setof text
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    grant usage on schema reimbursement to public;
    return query select reimbursement.revoke_foreign_privileges();
    perform reimbursement.secure_tables();
    perform reimbursement.secure_job_partitions();
    perform reimbursement.secure_functions();
end
$$;

comment on function reimbursement.apply_access() is
'Carries out access_rules: row-level security, policies and privileges. Returns what it took away.';
