-- Trigger: refuses to empty a table whose changes are written down.
--
-- Raises: RB015.
create or replace function reimbursement.refuse_truncation() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
begin
    raise exception using errcode = 'RB015',
        message = format('TRUNCATE of %I.%I is refused: what is deleted is written down, row by row',
            tg_table_schema, tg_table_name),
        hint = 'Use DELETE, and see it in the view reimbursement.changes.';
end
$$;

comment on function reimbursement.refuse_truncation() is
'Trigger: refuses to empty a table whose changes are written down.';
