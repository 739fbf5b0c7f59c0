-- The floors under a run: the same rows written again, by plain statements, into copies of the tables.
--
-- before: the legal entity's rows before the run. written: the rows that the run added. changed: those it updated, as
-- they are afterwards. All found by comparing, whatever the tables are.

-- Keeps what a legal entity has before a run.
create function bench.keep_before(p_legal_entity_id text) returns void
language plpgsql
as $$
begin
    execute 'drop schema if exists before, written, changed, floor cascade';
    execute 'create schema before; create schema written; create schema changed';
    execute (
        select string_agg(
            format('create unlogged table before.%I as select * from reimbursement.%I where legal_entity_id = %L;',
                t.table_name, t.table_name, p_legal_entity_id)
            || format('create unique index on before.%I (%s); analyze before.%I;',
                t.table_name, bench.list(t.key_columns), t.table_name),
            '')
        from bench.tables as t
    );
end
$$;

-- Keeps what a run has written since then.
create function bench.keep_written(p_legal_entity_id text) returns void
language plpgsql
as $$
begin
    execute (
        select string_agg(
            format(
                'create unlogged table written.%1$I as select n.* from reimbursement.%1$I as n
                left join before.%1$I as b on %2$s
                where n.legal_entity_id = %3$L and b.legal_entity_id is null;
                create unlogged table changed.%1$I as select n.* from reimbursement.%1$I as n
                inner join before.%1$I as b on %2$s
                where n.legal_entity_id = %3$L and row(n.*) is distinct from row(b.*);
                analyze written.%1$I, changed.%1$I;',
                t.table_name, bench.same_key(t.key_columns, 'n', 'b'), p_legal_entity_id),
            '')
        from bench.tables as t
    );
end
$$;

-- The tables that the run has written, with the columns that its updates have changed, by a sample of them.
create function bench.written_tables() returns table (
    table_name name, columns name[], plain_columns name[], key_columns name[], options text, inserted bigint,
    updated bigint, updated_columns name[]
)
language plpgsql
as $$
begin
    return query execute (
        select string_agg(
            format(
                'select t.table_name, t.columns, t.plain_columns, t.key_columns, t.options, w.rows, c.rows, u.columns
                from bench.tables as t,
                    (select count(*) as rows from written.%1$I) as w,
                    (select count(*) as rows from changed.%1$I) as c,
                    (
                        select array_agg(distinct n.key::name) as columns
                        from (select * from changed.%1$I limit 1000) as r
                        inner join before.%1$I as b on %2$s
                        cross join jsonb_each(to_jsonb(r)) as n
                        inner join jsonb_each(to_jsonb(b)) as o on o.key = n.key and o.value <> n.value
                    ) as u
                where t.table_name = %1$L and w.rows + c.rows > 0',
                t.table_name, bench.same_key(t.key_columns, 'r', 'b')),
            ' union all ')
        from bench.tables as t
    );
end
$$;

-- Makes the copies that the rows are written into, as they were before the run.
--
-- p_is_lean: nothing but the columns and the primary key; otherwise the same checks, indexes, defaults and generated
-- columns. Foreign keys and triggers have neither.
create function bench.make_floor(p_is_lean boolean) returns void
language plpgsql
as $$
begin
    execute 'drop schema if exists floor cascade';
    execute 'create schema floor';
    execute (
        select string_agg(
            case
                when p_is_lean then format(
                    'create table floor.%1$I as select %2$s from reimbursement.%1$I with no data;
                    alter table floor.%1$I add primary key (%3$s);',
                    t.table_name, bench.list(t.plain_columns), bench.list(t.key_columns))
                else format(
                    'create table floor.%1$I (like reimbursement.%1$I including all) %2$s;', t.table_name, t.options)
            end
            || format(
                'insert into floor.%1$I (%2$s) overriding system value select %2$s from before.%1$I;',
                t.table_name, bench.list(t.plain_columns)),
            '')
        from bench.written_tables() as t
    );
end
$$;

-- The statements that write the run's rows into the copies.
create function bench.floor_statements() returns text
language sql
as $$
    select string_agg(
        case
            when t.inserted > 0 then format(
                'insert into floor.%1$I (%2$s) overriding system value select %2$s from written.%1$I;',
                t.table_name, bench.list(t.plain_columns))
            else ''
        end
        || case
            when t.updated > 0 then format(
                'update floor.%1$I as f set %2$s from changed.%1$I as c where %3$s;',
                t.table_name,
                (
                    select string_agg(format('%1$I = c.%1$I', u.col), ', ')
                    from unnest(t.updated_columns) as u(col)
                    where u.col = any (t.plain_columns)
                ),
                bench.same_key(t.key_columns, 'f', 'c'))
            else ''
        end,
        chr(10))
    from bench.written_tables() as t
$$;

-- The copies that do not hold as many rows as the books, after the statements; none when the floor was reached.
create function bench.floor_differences(p_legal_entity_id text)
returns table (table_name name, expected bigint, found bigint)
language plpgsql
as $$
begin
    return query execute (
        select string_agg(
            format(
                'select %1$L::name, e.rows, f.rows
                from (select count(*) as rows from reimbursement.%1$I where legal_entity_id = %2$L) as e,
                    (select count(*) as rows from floor.%1$I) as f
                where e.rows <> f.rows',
                t.table_name, p_legal_entity_id),
            ' union all ')
        from bench.written_tables() as t
    );
end
$$;

-- Removes the copies, and what was kept.
create function bench.drop_floors() returns void
language sql
as $$
    drop schema if exists before, written, changed, floor cascade
$$;
