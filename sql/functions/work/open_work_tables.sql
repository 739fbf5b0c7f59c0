-- Makes sure that the session has the work tables of a transfer, empty, and that they are its own.
--
-- A work table is a temporary table of the type of its name (selected_transactions of selected_transaction). The
-- session makes it once and keeps it: so it keeps its oid, every statement over it keeps its plan, and no system
-- catalog grows with the transfers. Between transfers it is empty (close_work_tables). A table of the name that
-- somebody else made, or made otherwise, or may write to or put a trigger on, is neither used nor touched: whoever
-- calls a transfer could run his own functions as the owner. Default privileges of the owner are taken from a new one.
-- A table that grew in a large transfer, or whose age would hold back vacuum, is made anew on the disk.
-- Reads: pg_class. Raises: RB031 the session has another table of that name.
create or replace function reimbursement.open_work_tables(variadic p_names text[]) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    c_pages constant int := 64;
    c_age constant int := 50000000;
    v_table record;
    v_grantee name;
begin
    for v_table in
        select
            w.name, c.oid,
            c.relkind = 'r' and c.reloftype = format('reimbursement.%I', rtrim(w.name, 's'))::regtype
            and c.relowner = quote_ident(current_user)::regrole and not c.relhastriggers and not c.relhasrules
            and not c.relhasindex and not c.relhassubclass and not c.relrowsecurity and c.relchecks = 0
            and not exists (select from pg_inherits as h where h.inhrelid = c.oid)
            and not exists (
                select from aclexplode(c.relacl) as a where a.grantee <> c.relowner and a.privilege_type <> 'SELECT'
            ) as is_ours,
            pg_relation_size(c.oid) > c_pages * current_setting('block_size')::int or age(c.relfrozenxid) > c_age
            as is_worn
        from unnest(p_names) as w (name)
        left join pg_class as c on c.oid = to_regclass(format('pg_temp.%I', w.name))
    loop
        if v_table.oid is null then
            execute format('create temporary table %I of reimbursement.%I', v_table.name, rtrim(v_table.name, 's'));
            execute format('revoke all on pg_temp.%I from public', v_table.name);
            for v_grantee in
                select distinct pg_get_userbyid(a.grantee)
                from pg_class as c, aclexplode(c.relacl) as a
                where c.oid = to_regclass(format('pg_temp.%I', v_table.name)) and a.grantee not in (0, c.relowner)
            loop
                execute format('revoke all on pg_temp.%I from %I', v_table.name, v_grantee);
            end loop;
        elsif not v_table.is_ours then
            raise exception using errcode = 'RB031',
                message = format('this session has a temporary table "%s" that is no work table of a transfer', v_table.name),
                detail = 'It was not touched, and nothing was written.',
                hint = 'Drop it or rename it, or call from a session that has none of that name.';
        elsif v_table.is_worn then
            execute format('truncate pg_temp.%I', v_table.name);
        end if;
    end loop;
end
$$;

comment on function reimbursement.open_work_tables(text []) is
'Makes sure that the session has the work tables of a transfer, empty, and that they are its own.';
