-- Refuses to work on tables that bear a trigger whose function belongs to somebody who could not work on them himself.
--
-- Such a function would run as the owner, with every row that the owner writes. A privilege of TRIGGER, which GRANT ALL
-- contains, is enough to put it there. Functions of the owner and of superusers pass.
-- Returns nothing. Reads: pg_trigger, pg_proc. Raises: RB043 there is one; it is named.
create or replace function reimbursement.refuse_foreign_triggers() returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_owner constant oid := quote_ident(current_user)::regrole;
    v_trigger record;
begin
    -- The functions first, each once, as nearly always all of them pass.
    perform from (
        select distinct t.tgfoid from pg_catalog.pg_trigger as t where not t.tgisinternal
        offset 0
    ) as f
    where exists (
        select from pg_catalog.pg_proc as p where p.oid = f.tgfoid and p.proowner <> v_owner
        offset 0
    );
    if not found then
        return;
    end if;
    select t.tgname, t.tgrelid, t.tgfoid, p.proowner into v_trigger
    from pg_catalog.pg_trigger as t
    inner join pg_catalog.pg_proc as p on p.oid = t.tgfoid and p.proowner <> v_owner
    inner join pg_catalog.pg_class as c on c.oid = t.tgrelid and c.relnamespace = 'reimbursement'::regnamespace
    where not t.tgisinternal
        and not exists (select from pg_catalog.pg_roles as r where r.oid = p.proowner and r.rolsuper)
    limit 1;
    if found then
        raise exception using errcode = 'RB043',
            message = format('trigger "%s" on reimbursement.%s calls %s, which belongs to role %s', v_trigger.tgname,
                v_trigger.tgrelid::regclass, v_trigger.tgfoid::regprocedure, v_trigger.proowner::regrole),
            detail = 'It would run as the owner of the schema, with all that the owner may do. Nothing was written.',
            hint = format('Drop the trigger, or give its function to the owner with ALTER FUNCTION … OWNER TO %s.',
                current_user);
    end if;
end
$$;

comment on function reimbursement.refuse_foreign_triggers() is
'Raises RB043 where a table bears a trigger whose function is neither the owner''s nor a superuser''s.';
