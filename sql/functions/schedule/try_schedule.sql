-- Enqueues a run as a schedule would and takes it back, so that its choices are known to be right.
--
-- What the books may still get is no reason to refuse: a set-up that is not complete, a period that is not there or
-- not open (RB002 to RB004), a bank account to come (RB023).
-- Raises: RB074 as schedule_arguments; what enqueueing raises. Writes nothing.
create or replace function reimbursement.try_schedule(p_legal_entity_id text, p_kind text, p_choices jsonb)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    c_taken_back constant text := 'RB075';
begin
    execute format('select reimbursement.%I(legal_entity_id => %L%s)',
        (select k.enqueue_function from reimbursement.run_kinds as k where k.kind = p_kind), p_legal_entity_id,
        reimbursement.schedule_arguments(p_kind, p_choices));
    raise exception using errcode = c_taken_back, message = 'a run that was enqueued to see whether it can be';
exception
    when sqlstate 'RB075' or sqlstate 'RB002' or sqlstate 'RB003' or sqlstate 'RB004' or sqlstate 'RB023' then
        return;
end
$$;

comment on function reimbursement.try_schedule(text, text, jsonb) is
'Enqueues a run as a schedule would and takes it back; raises what is wrong with its choices.';
