-- The run whose bank file is to be released or rewritten. The caller has asked for the duty.
--
-- Reads: run_requests. Raises: RB028 there is no such run; RB030 the transaction is not READ COMMITTED.
create or replace function reimbursement.request_of_file(p_run_id bigint) returns reimbursement.run_requests
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_request reimbursement.run_requests;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            'a bank file is not released or rewritten',
            'It has to be seen what others released or reversed meanwhile.');
    end if;
    select q.* into v_request from reimbursement.run_requests as q where q.run_id = p_run_id;
    if not found then
        perform reimbursement.raise_no_payment_file(p_run_id);
    end if;
    return v_request;
end
$$;

comment on function reimbursement.request_of_file(bigint) is
'The run whose bank file is to be released or rewritten.';
