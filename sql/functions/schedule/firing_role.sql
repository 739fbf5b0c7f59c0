-- In whose name the slot of a schedule is being enqueued, by this transaction and at this moment.
--
-- p_schedule: the legal entity and the schedule, joined by a slash. Anybody may ask for any: it is believed only where
-- enqueue_due_runs has written this transaction into the schedule's row, which nobody else can.
-- Returns: the role; null where that schedule is not being enqueued here. Reads: run_schedules, pg_roles.
-- Raises: RB077 the role is gone.
create or replace function reimbursement.firing_role(p_schedule text) returns name
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_parts constant text [] := regexp_match(p_schedule, '^(.*)/([^/]+)$');
    v_firing record;
begin
    select s.schedule, s.scheduled_by, r.rolname into v_firing
    from reimbursement.run_schedules as s
    left join pg_catalog.pg_roles as r on r.oid = s.scheduled_by
    where s.legal_entity_id = v_parts[1] and s.schedule = v_parts[2]
        and s.firing = pg_current_xact_id_if_assigned();
    if found and v_firing.rolname is null then
        raise exception using errcode = 'RB077',
            message = format('the role that made schedule "%s" is gone', v_firing.schedule),
            hint = 'Somebody with the duty makes it again with schedule_run(), in his own name.';
    end if;
    return v_firing.rolname;
end
$$;

comment on function reimbursement.firing_role(text) is
'In whose name the slot of a schedule is being enqueued by this transaction at this moment; null where none is.';
