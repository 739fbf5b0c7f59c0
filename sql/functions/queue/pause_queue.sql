-- Pauses a queue: nothing of it is claimed until it is resumed. What runs goes on to its end.
--
-- Called once more, it only says so. Returns nothing. Writes: paused_queues. Raises: RB008 a name that is none; 42501
-- the duty operator is missing.
create or replace function reimbursement.pause_queue(queue text, reason text default null) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'operator');
    if (pause_queue.queue ~ '^[A-Za-z0-9_.-]{1,40}$') is not true then
        raise exception using errcode = 'RB008',
            message = format('queue is %s: give a name of up to 40 of A-Z a-z 0-9 _ . and -',
                coalesce('"' || pause_queue.queue || '"', 'NULL')),
            hint = 'Mend the argument and call again; nothing was written.';
    end if;
    insert into reimbursement.paused_queues (queue, reason, paused_by)
    values (pause_queue.queue, nullif(btrim(pause_queue.reason), ''), reimbursement.acting_role())
    on conflict do nothing;
    if not found then
        raise notice 'queue "%" is paused already', pause_queue.queue;
    end if;
end
$$;

comment on function reimbursement.pause_queue(text, text) is
'Pauses a queue: nothing of it is claimed until resume_queue(). What runs goes on.';
