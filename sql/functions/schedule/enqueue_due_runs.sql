-- Enqueues the runs of the schedules that are due, one for each schedule however many of its slots went by.
--
-- A worker calls it when it looks for work, in a transaction of its own. A schedule that another session is enqueueing
-- is left to that one. The slot is the idempotency key of the run, so that it happens once whatever dies. A run that
-- cannot be enqueued leaves its reason in last_error and its slot behind, and the other schedules go on; an error that
-- passes by itself leaves the slot to be tried again; so does a lock that somebody has, for which none waits long: the
-- worker that calls has claims to make, for other legal entities too.
-- Returns: how many runs were enqueued. Reads: legal_entities, run_kinds. Writes: run_schedules, run_requests, jobs.
-- Locks: the rows of the schedules. Raises: 42501 the duty worker is missing.
create or replace function reimbursement.enqueue_due_runs() returns int
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set lock_timeout = '200ms'
as $$
declare
    -- A slot that is enqueued later than this was missed.
    c_grace constant interval := interval '10 minutes';
    v_schedule reimbursement.run_schedules;
    v_time_zone text;
    v_next timestamptz;
    v_slot timestamptz;
    v_run_id bigint;
    v_runs int := 0;
begin
    perform reimbursement.require_duty(null, 'worker');
    for v_schedule in
        select s.*
        from reimbursement.run_schedules as s
        where s.is_enabled and s.next_slot <= now()
        order by s.next_slot, s.legal_entity_id, s.schedule
        for no key update skip locked
    loop
        v_next := null;
        v_slot := null;
        begin
            v_time_zone := (select le.time_zone from reimbursement.legal_entities as le
                where le.legal_entity_id = v_schedule.legal_entity_id);
            v_next := reimbursement.next_slot(v_schedule.cron, v_time_zone, now());
            v_slot := reimbursement.latest_slot(
                v_schedule.cron, v_time_zone,
                case v_schedule.on_missed
                    when 'once' then v_schedule.next_slot - interval '1 microsecond'
                    else greatest(v_schedule.next_slot - interval '1 microsecond', now() - c_grace)
                end,
                now());
            if v_slot is null then
                update reimbursement.run_schedules as s
                set next_slot = v_next
                where s.legal_entity_id = v_schedule.legal_entity_id and s.schedule = v_schedule.schedule;
                continue;
            end if;
            -- For the call, whoever scheduled it acts: see acting_role.
            update reimbursement.run_schedules as s
            set firing = pg_current_xact_id()
            where s.legal_entity_id = v_schedule.legal_entity_id and s.schedule = v_schedule.schedule;
            v_run_id := reimbursement.enqueue_slot(v_schedule, v_slot);
            update reimbursement.run_schedules as s
            set firing = null, next_slot = v_next, last_slot = v_slot, last_run_id = v_run_id, last_error = null
            where s.legal_entity_id = v_schedule.legal_entity_id and s.schedule = v_schedule.schedule;
            v_runs := v_runs + 1;
        exception when others then
            continue when reimbursement.is_transient(sqlstate);
            -- What the block did is undone, and firing with it.
            update reimbursement.run_schedules as s
            set next_slot = v_next, last_slot = coalesce(v_slot, s.last_slot),
                last_error = format('%s (%s)', sqlerrm, sqlstate)
            where s.legal_entity_id = v_schedule.legal_entity_id and s.schedule = v_schedule.schedule;
        end;
    end loop;
    return v_runs;
end
$$;

comment on function reimbursement.enqueue_due_runs() is
'Enqueues the runs of the schedules that are due, each slot once. Workers call it.';
