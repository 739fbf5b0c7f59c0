-- Books that have been in use for years: what a few runs have written, many times over.

-- Which tables a legal entity fills by its set-up alone; they are the same for all copies.
create table bench.set_up_tables (table_name name primary key);

-- Multiplies what a legal entity has besides its set-up: customers, their transactions, and all that runs have made of
-- them. p_mark stands in every reference that was loaded, so that a copy's references can be told apart.
--
-- Each copy has numbers of its own: identifiers are moved by a span, references and document numbers get a prefix. A
-- number with a prefix is of no format of a number sequence, as if the format had been changed since. Rows of one copy
-- refer to rows of the same copy, so that the books remain right.
-- Copies are written without triggers and foreign keys, as they repeat what has passed these already.
create function bench.multiply(p_legal_entity_id text, p_mark text, p_copies int) returns void
language plpgsql set session_replication_role = replica
as $$
declare
    v_pattern constant text := (
        select '(' || string_agg(regexp_replace(p.prefix, '([^[:alnum:]])', '\\\1', 'g'), '|') || ')'
        from (
            select split_part(s.format, '#', 1) as prefix
            from reimbursement.number_sequences as s
            where s.legal_entity_id = p_legal_entity_id
            union
            select p_mark
        ) as p
        where p.prefix <> ''
    );
    v_span bigint;
begin
    create temporary table copied on commit drop as
    select
        t.table_name, a.attname as column_name, a.attnum as position,
        a.atttypid = 'int8'::regtype and (a.attname like '%\_id' or a.attname = any (t.key_columns))
        and not exists (
            select from bench.tables as s
            inner join bench.set_up_tables as u on u.table_name = s.table_name
            where a.attname = any (s.key_columns)
        ) as is_moved,
        a.atttypid = 'text'::regtype and a.attname <> 'legal_entity_id' as is_marked
    from bench.tables as t
    inner join pg_attribute as a
        on a.attrelid = t.table_id and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where t.table_name in (select f from bench.filled_tables(p_legal_entity_id) as f)
        and t.table_name not in (select u.table_name from bench.set_up_tables as u);

    execute (
        select 'select max(m.value) + 1 from (' || string_agg(
            format('select max(%I) as value from reimbursement.%I', c.column_name, c.table_name), ' union all ')
        || ') as m'
        from copied as c
        where c.is_moved
    ) into v_span;

    -- What comes next is numbered after the copies.
    execute (
        select string_agg(
            format('select setval(%L, %s)', s.sequence, v_span * (p_copies + 1)), ';')
        from copied as c
        cross join lateral (
            select pg_get_serial_sequence('reimbursement.' || quote_ident(c.table_name), c.column_name) as sequence
        ) as s
        where s.sequence is not null
    );
    perform reimbursement.make_job_partitions();

    execute (
        select string_agg(i.statement, ';')
        from (
            select format(
                'insert into reimbursement.%1$I (%2$s) overriding system value
                select %3$s from reimbursement.%1$I as t, generate_series(1, %4$s) as k where t.legal_entity_id = %5$L',
                c.table_name,
                string_agg(quote_ident(c.column_name), ', ' order by c.position),
                string_agg(
                    case
                        when c.is_moved then format('t.%I + k * %s', c.column_name, v_span)
                        when c.is_marked then format(
                            'regexp_replace(t.%I, %L, ''A'' || k || ''/\1'', ''g'')', c.column_name, v_pattern)
                        else format('t.%I', c.column_name)
                    end,
                    ', ' order by c.position),
                p_copies, p_legal_entity_id) as statement
            from copied as c
            group by c.table_name
        ) as i
    );
end
$$;
