-- Trigger: refuses to write into the log of changes by hand. Only the triggers of what is changed write it.
--
-- Raises: RB015.
create or replace function reimbursement.refuse_written_log() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    if pg_trigger_depth() < 2 then
        raise exception using errcode = 'RB015',
            message = format('INSERT into %I.%I is refused: a change is written down where it is made',
                tg_table_schema, tg_table_name),
            hint = 'Change what is to be changed; the view reimbursement.changes has it then.';
    end if;
    return null;
end
$$;

comment on function reimbursement.refuse_written_log() is
'Trigger: refuses to write into the log of changes by hand.';
