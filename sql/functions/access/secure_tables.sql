-- Gives the tables and views the owner, the row-level security and the privileges that access_rules says.
--
-- A policy asks who acts once a statement: legal_entity_id = any (array(select …)). It is made anew where its duties
-- have changed (its comment names them), so that a migrate without changes locks no table.
-- Returns nothing. Reads: the catalog.
create or replace function reimbursement.secure_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_table record;
    v_policy record;
    v_column name;
    v_owner constant name := (
        select pg_get_userbyid(n.nspowner) from pg_catalog.pg_namespace as n where n.nspname = 'reimbursement'
    );
begin
    for v_table in
        select
            c.oid, c.relname as name, c.relrowsecurity, r.kind, r.access, r.inserted, r.updated,
            pg_get_userbyid(c.relowner) as owner,
            exists (
                select from pg_catalog.pg_attribute as t
                where t.attrelid = c.oid and t.attname = 'legal_entity_id' and not t.attisdropped
            ) as has_legal_entity,
            case r.access
                when 'books' then reimbursement.reading_duties()
                when 'bank_details' then reimbursement.bank_detail_duties()
                when 'bank_files' then array['auditor']
                when 'queue' then reimbursement.reading_duties() || array['operator']
            end as readers
        from reimbursement.access_rules() as r
        inner join pg_catalog.pg_class as c
            on c.relname = r.name and c.relnamespace = 'reimbursement'::regnamespace
                and c.relkind = any (case r.kind when 'table' then '{r, p}' when 'view' then '{v}' end::"char" [])
        order by r.kind, r.name
    loop
        if v_table.owner <> v_owner then
            execute format('alter table reimbursement.%I owner to %I', v_table.name, v_owner);
        end if;
        if v_table.access <> 'owner' then
            execute format('grant select on reimbursement.%I to public', v_table.name);
        end if;
        continue when v_table.kind = 'view' or not v_table.has_legal_entity;

        if not v_table.relrowsecurity then
            execute format('alter table reimbursement.%I enable row level security', v_table.name);
        end if;
        for v_policy in
            select
                p.name, p.duties, p.version, o.oid is not null as is_there,
                coalesce(obj_description(o.oid, 'pg_policy') = p.version, false) as is_right
            from (
                select d.name, d.duties, format('Made by reimburse migrate for %s.', array_to_string(d.duties, ', ')) as version
                from (
                    values
                    ('read_by_duty', v_table.readers),
                    ('insert_by_master', case when v_table.inserted <> '{}' then array['master'] end),
                    ('update_by_master', case when v_table.updated <> '{}' then array['master'] end)
                ) as d (name, duties)
            ) as p
            left join pg_catalog.pg_policy as o on o.polrelid = v_table.oid and o.polname = p.name
        loop
            if v_policy.is_there and (v_policy.duties is null or not v_policy.is_right) then
                execute format('drop policy %I on reimbursement.%I', v_policy.name, v_table.name);
            end if;
            continue when v_policy.duties is null or v_policy.is_right;
            if v_policy.name = 'read_by_duty' then
                execute format('create policy %I on reimbursement.%I for select using
                    (legal_entity_id = any (array(select reimbursement.legal_entities_of(variadic %L::text []))))',
                    v_policy.name, v_table.name, v_policy.duties);
            elsif v_policy.name = 'insert_by_master' then
                execute format('create policy %I on reimbursement.%I for insert with check
                    (legal_entity_id = any (array(select reimbursement.legal_entities_of(variadic %L::text []))))',
                    v_policy.name, v_table.name, v_policy.duties);
            else
                execute format('create policy %I on reimbursement.%I for update using
                    (legal_entity_id = any (array(select reimbursement.legal_entities_of(variadic %L::text []))))',
                    v_policy.name, v_table.name, v_policy.duties);
            end if;
            execute format('comment on policy %I on reimbursement.%I is %L', v_policy.name, v_table.name, v_policy.version);
        end loop;

        for v_column in
            select t.attname from pg_catalog.pg_attribute as t
            where t.attrelid = v_table.oid and not t.attisdropped and t.attname = any (v_table.inserted)
                and not has_column_privilege('public', t.attrelid, t.attnum, 'insert')
        loop
            execute format('grant insert (%I) on reimbursement.%I to public', v_column, v_table.name);
        end loop;
        for v_column in
            select t.attname from pg_catalog.pg_attribute as t
            where t.attrelid = v_table.oid and not t.attisdropped and t.attname = any (v_table.updated)
                and not has_column_privilege('public', t.attrelid, t.attnum, 'update')
        loop
            execute format('grant update (%I) on reimbursement.%I to public', v_column, v_table.name);
        end loop;
    end loop;
end
$$;

comment on function reimbursement.secure_tables() is
'Gives the tables and views the owner, the row-level security and the privileges that access_rules says.';
