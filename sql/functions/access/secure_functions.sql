-- Gives the functions that Reimburse installed the owner and the privileges that access_rules says: those that are not
-- named there are executable by their owner, and by whom he granted that, and by nobody else.
--
-- Where an administrator took a function away from everybody, it stays so. Returns nothing. Reads: the catalog.
-- Writes: installed_objects.
create or replace function reimbursement.secure_functions() returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_function record;
    v_owner constant regrole := (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'reimbursement');
begin
    for v_function in
        select
            p.oid::regprocedure as name, p.proowner, r.name is not null as is_public, i.is_public as was_public,
            p.proacl is null or exists (
                select from pg_catalog.aclexplode(p.proacl) as a where a.grantee = 0
            ) as has_public
        from reimbursement.installed_objects as i
        inner join pg_catalog.pg_proc as p
            on p.proname = i.name and p.pronamespace = 'reimbursement'::regnamespace
        left join reimbursement.access_rules() as r on r.kind = 'function' and r.name = p.proname
        where i.kind = 'function'
    loop
        if v_function.proowner <> v_owner then
            execute format('alter function %s owner to %s', v_function.name, v_owner);
        end if;
        if v_function.has_public and not v_function.is_public then
            execute format('revoke execute on function %s from public', v_function.name);
        elsif v_function.is_public and not v_function.has_public and v_function.was_public is not true then
            execute format('grant execute on function %s to public', v_function.name);
        end if;
    end loop;
    update reimbursement.installed_objects as i
    set is_public = exists (
        select from reimbursement.access_rules() as r where r.kind = 'function' and r.name = i.name
    )
    where i.kind = 'function';
end
$$;

comment on function reimbursement.secure_functions() is
'Gives the functions that Reimburse installed the owner and the privileges that access_rules says.';
