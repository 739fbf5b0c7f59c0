-- Says that a worker ends. Returns nothing. Writes: connected_workers. Raises: 42501 the duty worker is missing.
create or replace function reimbursement.retire_worker(p_worker text) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    delete from reimbursement.connected_workers as w where w.worker = p_worker;
end
$$;

comment on function reimbursement.retire_worker(text) is 'Says that a worker ends: it leaves the view workers.';
