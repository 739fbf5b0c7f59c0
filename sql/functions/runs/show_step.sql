-- Shows other sessions which step a job has reached, while its transaction is open (view job_progress).
--
-- The application name is seen at once and without privileges; nothing is written, and it ends with the transaction.
-- Reads: run_kinds.
create or replace function reimbursement.show_step(p_kind text, p_job_id bigint, p_step int) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    perform set_config('application_name', format('reimburse %s %s/%s', p_job_id, p_step, cardinality(k.steps)), true)
    from reimbursement.run_kinds as k
    where k.kind = p_kind;
end
$$;

comment on function reimbursement.show_step(text, bigint, int) is
'Shows other sessions which step a job has reached, before it commits (view job_progress).';
