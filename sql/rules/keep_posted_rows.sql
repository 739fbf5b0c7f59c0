-- Trigger: refuses to change or delete what was posted.
--
-- Raises: RB015.
create or replace function reimbursement.keep_posted_rows() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    raise exception using errcode = 'RB015',
        message = format('%s of %I.%I is refused: what was posted stays as it is',
            tg_op, tg_table_schema, tg_table_name),
        hint = 'Post a correction instead: books are added to, never rewritten.';
end
$$;

comment on function reimbursement.keep_posted_rows() is 'Trigger: refuses to change or delete what was posted.';
