-- Ends a schedule. Runs that it has enqueued stay.
--
-- Writes: run_schedules. Raises: RB043 there is no such schedule.
create or replace function reimbursement.unschedule_run(legal_entity_id text, schedule text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    delete from reimbursement.run_schedules as s
    where s.legal_entity_id = unschedule_run.legal_entity_id and s.schedule = unschedule_run.schedule;
    if not found then
        raise exception using errcode = 'RB043',
            message = format('legal entity %s has no schedule %s', coalesce('"' || legal_entity_id || '"', 'NULL'),
                coalesce('"' || schedule || '"', 'NULL')),
            hint = 'The view reimbursement.schedules lists them.';
    end if;
end
$$;

comment on function reimbursement.unschedule_run(text, text) is 'Ends a schedule. Runs that it has enqueued stay.';
