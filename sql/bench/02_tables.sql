-- What the books are made of, as the catalog says: the benchmark knows no column by itself that may come or go.

-- The tables of the books: those whose rows belong to a legal entity.
create view bench.tables as
select
    c.oid as table_id, c.relname as table_name, a.columns, a.plain_columns, k.key_columns,
    coalesce('with (' || array_to_string(coalesce(c.reloptions, p.reloptions), ', ') || ')', '') as options
from pg_class as c
inner join lateral (
    select
        array_agg(t.attname order by t.attnum) as columns,
        array_agg(t.attname order by t.attnum) filter (where t.attgenerated = '') as plain_columns
    from pg_attribute as t
    where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped
) as a on 'legal_entity_id' = any(a.columns)
inner join lateral (
    select array_agg(t.attname order by array_position(i.indkey::int2[], t.attnum)) as key_columns
    from pg_index as i
    inner join pg_attribute as t on t.attrelid = c.oid and t.attnum = any(i.indkey)
    where i.indrelid = c.oid and i.indisprimary
) as k on k.key_columns is not null
-- A table in partitions is stored as they are.
left join lateral (
    select x.reloptions
    from pg_inherits as i
    inner join pg_class as x on x.oid = i.inhrelid
    where i.inhparent = c.oid
    order by i.inhrelid desc
    limit 1
) as p on true
where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition;

-- Columns as a list, each after an alias.
create function bench.list(p_columns name[], p_alias text default '') returns text
language sql immutable
as $$
    select string_agg(p_alias || quote_ident(u.col), ', ' order by u.position)
    from unnest(p_columns) with ordinality as u(col, position)
$$;

-- Rows of two tables that have the same key.
create function bench.same_key(p_columns name[], p_left text, p_right text) returns text
language sql immutable
as $$
    select string_agg(format('%s.%I = %s.%I', p_left, u.col, p_right, u.col), ' and ' order by u.position)
    from unnest(p_columns) with ordinality as u(col, position)
$$;

-- The tables in which a legal entity has rows.
create function bench.filled_tables(p_legal_entity_id text) returns setof name
language plpgsql
as $$
begin
    return query execute (
        select string_agg(
            format('select %L::name where exists (select from reimbursement.%I where legal_entity_id = %L)',
                t.table_name, t.table_name, p_legal_entity_id),
            ' union all ')
        from bench.tables as t
    );
end
$$;
