-- Resumes a queue that was paused, and wakes its workers.
--
-- Of one that is not paused it only says so. Returns nothing. Writes: paused_queues. Raises: 42501 the duty operator
-- is missing.
create or replace function reimbursement.resume_queue(queue text) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'operator');
    delete from reimbursement.paused_queues as p where p.queue = resume_queue.queue;
    if found then
        perform pg_notify('reimbursement.' || resume_queue.queue, '');
    else
        raise notice 'queue "%" is not paused', resume_queue.queue;
    end if;
end
$$;

comment on function reimbursement.resume_queue(text) is 'Resumes a queue that was paused, and wakes its workers.';
