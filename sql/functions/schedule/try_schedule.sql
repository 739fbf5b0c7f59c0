-- Enqueues a run as a schedule would and takes it back, so that its choices are known to be right.
--
-- What the books may still get is no reason to refuse: a set-up that is not complete, a period that is not there or
-- not open (RB002 to RB004), a bank account to come (RB023).
-- Raises: RB074 as schedule_arguments; what enqueueing raises. Writes nothing.
create or replace function reimbursement.try_schedule(p_schedule reimbursement.run_schedules) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    perform reimbursement.enqueue_slot(p_schedule, null);
    raise exception using errcode = 'RB075', message = 'a run that was enqueued to see whether it can be';
exception
    when sqlstate 'RB075' or sqlstate 'RB002' or sqlstate 'RB003' or sqlstate 'RB004' or sqlstate 'RB023' then
        return;
end
$$;

comment on function reimbursement.try_schedule(reimbursement.run_schedules) is
'Enqueues a run as a schedule would and takes it back; raises what is wrong with its choices.';
