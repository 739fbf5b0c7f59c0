-- The values that one field of a cron expression names, ascending.
--
-- Lists, ranges, steps, * and, where p_names is given, the first three letters of months or days of the week.
-- p_names: the names, beginning with that of p_least; null where the field has none.
-- Returns: the values, or null where the field does not parse. A range that ends before it begins does not.
create or replace function reimbursement.cron_values(
    p_field text, p_least int, p_most int, p_names text [] default null
) returns int []
language plpgsql immutable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_item text;
    v_parts text [];
    v_first int;
    v_last int;
    v_step int;
    v_values int [] := array[]::int [];
begin
    foreach v_item in array string_to_array(p_field, ',') loop
        v_parts := regexp_match(upper(v_item), '^(?:(\*)|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,2}))?$');
        if v_parts is null or (v_parts[4] is not null and v_parts[1] is null and v_parts[3] is null) then
            return null;
        end if;
        v_first := case
            when v_parts[1] is not null then p_least
            when v_parts[2] ~ '^[0-9]' then v_parts[2]::int
            else array_position(p_names, v_parts[2]) - 1 + p_least
        end;
        v_last := case
            when v_parts[1] is not null then p_most
            when v_parts[3] is null then v_first
            when v_parts[3] ~ '^[0-9]' then v_parts[3]::int
            else array_position(p_names, v_parts[3]) - 1 + p_least
        end;
        v_step := coalesce(v_parts[4]::int, 1);
        if (v_first >= p_least and v_first <= v_last and v_last <= p_most and v_step > 0) is not true then
            return null;
        end if;
        v_values := v_values || array(select generate_series(v_first, v_last, v_step));
    end loop;
    return array(select distinct u.value from unnest(v_values) as u (value) order by u.value);
end
$$;

comment on function reimbursement.cron_values(text, int, int, text []) is
'The values that one field of a cron expression names; null where it does not parse.';
