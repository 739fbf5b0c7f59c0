-- Gives the tables and views the owner, the row-level security and the privileges that access_rules says.
--
-- A policy asks who acts once a statement: legal_entity_id = any (array(select …)). It is made anew where its text has
-- changed (the text is kept as a digest in its comment), so that a migrate without changes locks no table.
-- Returns nothing. Reads: the catalog.
create or replace function reimbursement.secure_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_table record;
    v_policy record;
    v_owner constant regrole := (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'reimbursement');
    v_statement text;
begin
    for v_table in
        select
            c.oid, c.oid::regclass as name, c.relowner, c.relrowsecurity, r.kind, r.access,
            exists (
                select from pg_catalog.pg_attribute as t
                where t.attrelid = c.oid and t.attname = 'legal_entity_id' and not t.attisdropped
            ) as has_legal_entity,
            (
                select string_agg(quote_ident(t.attname), ', ' order by t.attnum) from pg_catalog.pg_attribute as t
                where t.attrelid = c.oid and t.attname = any (r.inserted) and not t.attisdropped
            ) as inserted,
            (
                select string_agg(quote_ident(t.attname), ', ' order by t.attnum) from pg_catalog.pg_attribute as t
                where t.attrelid = c.oid and t.attname = any (r.updated) and not t.attisdropped
            ) as updated,
            case r.access
                when 'books' then 'variadic reimbursement.reading_duties()'
                when 'bank_details' then 'variadic reimbursement.bank_detail_duties()'
                when 'bank_files' then '''auditor'''
                when 'queue' then 'variadic reimbursement.reading_duties() || ''operator''::text'
            end as duties
        from reimbursement.access_rules() as r
        inner join pg_catalog.pg_class as c
            on c.relname = r.name and c.relnamespace = 'reimbursement'::regnamespace
                and c.relkind = any (case r.kind when 'table' then '{r, p}' when 'view' then '{v}' end::"char" [])
        order by r.kind, r.name
    loop
        if v_table.relowner <> v_owner then
            execute format('alter %s %s owner to %s', v_table.kind, v_table.name, v_owner);
        end if;
        if v_table.access <> 'owner' then
            execute format('grant select on %s to public', v_table.name);
        end if;
        continue when v_table.kind = 'view' or not v_table.has_legal_entity;

        if not v_table.relrowsecurity then
            execute format('alter table %s enable row level security', v_table.name);
        end if;
        for v_policy in
            select *
            from (
                values
                ('read_by_duty', 'for select using', v_table.duties),
                ('insert_by_master', 'for insert with check', case when v_table.inserted is not null then '''master''' end),
                ('update_by_master', 'for update using', case when v_table.updated is not null then '''master''' end)
            ) as p (name, command, duties)
        loop
            v_statement := format(
                'create policy %s on %s %s (legal_entity_id = any (array(select reimbursement.legal_entities_of(%s))))',
                v_policy.name, v_table.name, v_policy.command, v_policy.duties);
            if exists (
                select from pg_catalog.pg_policy as p
                where p.polrelid = v_table.oid and p.polname = v_policy.name
                    and v_policy.duties is not null
                    and obj_description(p.oid, 'pg_policy') = 'Made by reimburse migrate, ' || md5(v_statement)
            ) then
                continue;
            end if;
            if exists (
                select from pg_catalog.pg_policy as p
                where p.polrelid = v_table.oid and p.polname = v_policy.name
            ) then
                execute format('drop policy %s on %s', v_policy.name, v_table.name);
            end if;
            if v_policy.duties is not null then
                execute v_statement;
                execute format('comment on policy %s on %s is %L',
                    v_policy.name, v_table.name, 'Made by reimburse migrate, ' || md5(v_statement));
            end if;
        end loop;
        if v_table.inserted is not null then
            execute format('grant insert (%s) on %s to public', v_table.inserted, v_table.name);
        end if;
        if v_table.updated is not null then
            execute format('grant update (%s) on %s to public', v_table.updated, v_table.name);
        end if;
    end loop;
end
$$;

comment on function reimbursement.secure_tables() is
'Gives the tables and views the owner, the row-level security and the privileges that access_rules says.';
