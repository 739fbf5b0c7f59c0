-- Ends a schedule. Runs that it has enqueued stay.
--
-- Writes: run_schedules. Raises: RB076 there is no such schedule; 42501 the duty that enqueues its runs is
-- missing.
create or replace function reimbursement.unschedule_run(legal_entity_id text, schedule text) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(legal_entity_id, variadic coalesce(
        (
            select array[k.duty]
            from reimbursement.run_schedules as s
            inner join reimbursement.run_kinds as k on k.kind = s.kind
            where s.legal_entity_id = unschedule_run.legal_entity_id and s.schedule = unschedule_run.schedule
        ), '{clerk, payer}'));
    delete from reimbursement.run_schedules as s
    where s.legal_entity_id = unschedule_run.legal_entity_id and s.schedule = unschedule_run.schedule;
    if not found then
        raise exception using errcode = 'RB076',
            message = format('legal entity %s has no schedule %s', coalesce('"' || legal_entity_id || '"', 'NULL'),
                coalesce('"' || schedule || '"', 'NULL')),
            hint = 'The view reimbursement.schedules lists them.';
    end if;
end
$$;

comment on function reimbursement.unschedule_run(text, text) is 'Ends a schedule. Runs that it has enqueued stay.';
