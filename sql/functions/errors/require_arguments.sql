-- Raises RB006 when an argument is null that may not be.
--
-- p_arguments: an object of argument names and values.
create or replace function reimbursement.require_arguments(p_arguments jsonb) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_missing text;
begin
    select string_agg(a.key, ', ' order by a.key) into v_missing
    from jsonb_each(p_arguments) as a
    where a.value = 'null';
    if v_missing is not null then
        raise exception using errcode = 'RB006',
            message = format('NULL was given for %s', v_missing),
            hint = 'Leave the argument out to have its default.';
    end if;
end
$$;

comment on function reimbursement.require_arguments(jsonb) is 'Raises RB006 when an argument is null that may not be.';
