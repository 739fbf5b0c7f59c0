-- Has a run recur: makes a schedule, or replaces the one of its name.
--
-- cron: five fields, by the clock of the legal entity's time zone; a slot that the clock jumps over happens at the next
-- minute there is, one that it shows twice happens once. choices: arguments of enqueue_reimbursement() or
-- enqueue_vendor_payment(), by name; a date that is left out is the day of the slot. on_missed: whether the latest of
-- the slots that nobody was there for is made up for ('once') or none is ('skip'); never all of them. Only slots from
-- now on count. Each slot is enqueued by whichever worker looks first (enqueue_due_runs), in the name of who scheduled
-- it.
-- Writes: run_schedules. The duty is the one that enqueues runs of the kind. Raises: RB001 unknown legal entity; RB006
-- NULL; RB007 on_missed is neither; RB008 a name that is none; RB073 a cron that does not parse or never comes true;
-- RB074 a kind that does not recur, or an unknown choice; what enqueueing such a run would raise of its choices. Then
-- nothing is written.
create or replace function reimbursement.schedule_run(
    legal_entity_id text, schedule text, kind text, cron text, choices jsonb default '{}',
    on_missed text default 'once', is_enabled boolean default true
) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_time_zone constant text := (
        select le.time_zone from reimbursement.legal_entities as le
        where le.legal_entity_id = schedule_run.legal_entity_id);
    v_schedule reimbursement.run_schedules;
begin
    perform reimbursement.require_duty(legal_entity_id, coalesce(
        (select k.duty from reimbursement.run_kinds as k where k.kind = schedule_run.kind), 'clerk'));
    perform reimbursement.require_arguments(jsonb_build_object(
        'schedule', schedule, 'kind', kind, 'cron', cron, 'choices', choices, 'on_missed', on_missed,
        'is_enabled', is_enabled));
    if v_time_zone is null then
        perform reimbursement.raise_unknown_legal_entity(legal_entity_id);
    end if;
    if schedule !~ '^[A-Za-z0-9_.-]{1,40}$' then
        raise exception using errcode = 'RB008',
            message = format('schedule is "%s": give a name of up to 40 of A-Z a-z 0-9 _ . and -', schedule),
            hint = 'Mend the argument and call again; nothing was written.';
    end if;
    if on_missed not in ('once', 'skip') then
        raise exception using errcode = 'RB007',
            message = format('on_missed is "%s"', on_missed),
            hint = 'Give once, to make up for the latest slot that was missed, or skip, to make up for none.';
    end if;
    v_schedule.legal_entity_id := legal_entity_id;
    v_schedule.schedule := schedule;
    v_schedule.kind := kind;
    v_schedule.choices := choices;
    v_schedule.next_slot := reimbursement.next_slot(cron, v_time_zone, now());
    perform reimbursement.try_schedule(v_schedule);

    insert into reimbursement.run_schedules as s
        (legal_entity_id, schedule, kind, cron, choices, on_missed, is_enabled, next_slot, scheduled_by)
    values (
        legal_entity_id, schedule, kind, cron, choices, on_missed, is_enabled, v_schedule.next_slot,
        quote_ident(reimbursement.acting_role())::regrole)
    on conflict on constraint run_schedules_pkey do update
    set kind = excluded.kind, cron = excluded.cron, choices = excluded.choices, on_missed = excluded.on_missed,
        is_enabled = excluded.is_enabled, next_slot = excluded.next_slot, scheduled_by = excluded.scheduled_by,
        scheduled_at = excluded.scheduled_at, last_error = null;
end
$$;

comment on function reimbursement.schedule_run(text, text, text, text, jsonb, text, boolean) is
'Has a run recur by cron in the legal entity''s time zone: makes a schedule, or replaces the one of its name.';
