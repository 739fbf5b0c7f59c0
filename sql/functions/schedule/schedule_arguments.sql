-- The arguments that a schedule's choices give to the function which enqueues runs of its kind, as SQL.
--
-- The function's own names and types decide, so that whatever an enqueue learns a schedule knows. Values become
-- literals of the type, never SQL. A schedule gives neither the legal entity nor the key nor the time: they are its
-- own.
-- Raises: RB074 a kind whose runs do not recur, or a choice that its function does not have; what a value of the wrong
-- type raises.
create or replace function reimbursement.schedule_arguments(p_kind text, p_choices jsonb) returns text
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_function constant text := (select k.enqueue_function from reimbursement.run_kinds as k where k.kind = p_kind);
    v_unknown text;
    v_known text;
    v_arguments text;
begin
    if v_function is null then
        raise exception using errcode = 'RB074',
            message = format('runs of kind %s do not recur', coalesce('"' || p_kind || '"', 'NULL')),
            hint = format('Kinds that do: %s.', (
                select string_agg(k.kind, ', ' order by k.kind) from reimbursement.run_kinds as k
                where k.enqueue_function is not null));
    end if;
    if jsonb_typeof(p_choices) is distinct from 'object' then
        raise exception using errcode = 'RB074',
            message = format('choices are %s', coalesce(p_choices::text, 'NULL')),
            hint = 'Give an object of choices and their values, such as {"summarize_customer": false}.';
    end if;
    with arguments as (
        select u.name, format_type(u.type, null) as type
        from pg_proc as p
        cross join unnest(p.proargnames, p.proargtypes::oid []) as u (name, type)
        where p.pronamespace = 'reimbursement'::regnamespace and p.proname = v_function
            and u.name not in ('legal_entity_id', 'idempotency_key', 'run_at')
    )
    select
        string_agg(c.name, ', ' order by c.name) filter (where a.name is null),
        (select string_agg(k.name, ', ' order by k.name) from arguments as k),
        string_agg(format(', %I => %L::%s', c.name, c.value, a.type), '' order by c.name)
    into v_unknown, v_known, v_arguments
    from jsonb_each_text(p_choices) as c (name, value)
    left join arguments as a on a.name = c.name;
    if v_unknown is not null then
        raise exception using errcode = 'RB074',
            message = format('a schedule of kind "%s" has no choice %s', p_kind, v_unknown),
            hint = format('Choices: %s.', v_known);
    end if;
    return coalesce(v_arguments, '');
end
$$;

comment on function reimbursement.schedule_arguments(text, jsonb) is
'The arguments that a schedule''s choices give to the function which enqueues runs of its kind, as SQL.';
