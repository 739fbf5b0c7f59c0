-- Empties the work tables of a transfer that is done. One that fails leaves them as they were: its rows go with it.
--
-- Rows are deleted, because emptying a file costs more than a small transfer; the space of a large one is given back.
create or replace function reimbursement.close_work_tables(variadic p_names text[]) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    c_pages constant int := 64;
    v_name text;
begin
    foreach v_name in array p_names loop
        if pg_relation_size(format('pg_temp.%I', v_name)::regclass) > c_pages * current_setting('block_size')::int then
            execute format('truncate pg_temp.%I', v_name);
        else
            execute format('delete from pg_temp.%I', v_name);
        end if;
    end loop;
end
$$;

comment on function reimbursement.close_work_tables(text []) is 'Empties the work tables of a transfer that is done.';
