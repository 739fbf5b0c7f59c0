-- Enqueues the run of one slot of a schedule. Returns the run; the one that the slot made before, if it did.
--
-- The key is the slot, in Coordinated Universal Time; where that is null there is none, and the run is to be at the
-- next slot. A run is dated as of its run: the dates of one that is tried are judged by the day of that slot.
-- Raises: RB074 as schedule_arguments; what the function of the kind raises.
create or replace function reimbursement.enqueue_slot(p_schedule reimbursement.run_schedules, p_slot timestamptz)
returns bigint
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_run_id bigint;
begin
    perform set_config('reimbursement.firing', (p_schedule).legal_entity_id || '/' || (p_schedule).schedule, true);
    execute format('select reimbursement.%I(legal_entity_id => %L, idempotency_key => %L, run_at => %L%s)',
        (select k.enqueue_function from reimbursement.run_kinds as k where k.kind = (p_schedule).kind),
        (p_schedule).legal_entity_id,
        'schedule:' || (p_schedule).schedule || ':' || to_char(p_slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'),
        case when p_slot is null then (p_schedule).next_slot else now() end,
        reimbursement.schedule_arguments((p_schedule).kind, (p_schedule).choices))
    into v_run_id;
    perform set_config('reimbursement.firing', '', true);
    return v_run_id;
end
$$;

comment on function reimbursement.enqueue_slot(reimbursement.run_schedules, timestamptz) is
'Enqueues the run of one slot of a schedule; the slot is its idempotency key.';
