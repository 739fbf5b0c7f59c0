-- Limits how many jobs of a legal entity run at the same time in a queue, and how many wait there: so that one legal
-- entity cannot starve the others.
--
-- running: 0 keeps it from running at all; null: as many as there are slots. waiting: nothing more is enqueued while so
-- many wait; null: no limit. Without both there is no limit any more. What runs goes on. Returns nothing.
-- Writes: job_limits. Notifies the queue's workers.
-- Raises: RB001 there is no such legal entity; RB008 a number below 0, or a name that is none; 42501 the duty operator
-- is missing.
create or replace function reimbursement.limit_jobs(
    queue text, legal_entity_id text, running int default null, waiting int default null
) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_problem text;
begin
    perform reimbursement.require_duty(limit_jobs.legal_entity_id, 'operator');
    if not exists (
        select from reimbursement.legal_entities as e where e.legal_entity_id = limit_jobs.legal_entity_id
    ) then
        perform reimbursement.raise_unknown_legal_entity(limit_jobs.legal_entity_id);
    end if;
    v_problem := case
        when (limit_jobs.queue ~ '^[A-Za-z0-9_.-]{1,40}$') is not true
            then format('queue is %s: give a name of up to 40 of A-Z a-z 0-9 _ . and -',
                coalesce('"' || limit_jobs.queue || '"', 'NULL'))
        when limit_jobs.running < 0 then format('running is %s: give 0 or more', limit_jobs.running)
        when limit_jobs.waiting < 0 then format('waiting is %s: give 0 or more', limit_jobs.waiting)
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB008', message = v_problem,
            hint = 'Mend the argument and call again; nothing was written.';
    end if;
    if limit_jobs.running is null and limit_jobs.waiting is null then
        delete from reimbursement.job_limits as l
        where l.queue = limit_jobs.queue and l.legal_entity_id = limit_jobs.legal_entity_id;
    else
        insert into reimbursement.job_limits as l (queue, legal_entity_id, running, waiting)
        values (limit_jobs.queue, limit_jobs.legal_entity_id, limit_jobs.running, limit_jobs.waiting)
        on conflict (queue, legal_entity_id) do update set running = excluded.running, waiting = excluded.waiting;
    end if;
    perform pg_notify('reimbursement.' || limit_jobs.queue, '');
end
$$;

comment on function reimbursement.limit_jobs(text, text, int, int) is
'Limits how many jobs of a legal entity run at the same time in a queue, and how many wait there; without numbers, no more.';
