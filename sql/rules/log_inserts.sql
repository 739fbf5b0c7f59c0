-- Trigger: writes down what people insert, of a whole statement at once. Its arguments are the columns of the key.
--
-- Writes: change_log.
create or replace function reimbursement.log_inserts() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
declare
    c_not_logged constant text [] := array[
        'legal_entity_id', 'run_id', 'last_run_id', 'numbers_taken', 'edited_by_hand', 'refreshed_at'
    ];
    v_who constant name := reimbursement.acting_role();
    v_who_id constant oid := (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who);
begin
    insert into reimbursement.change_log (
        legal_entity_id, table_name, key, new_values, changed_by, changed_by_id, transaction_id, concerned_vendor,
        concerned_customer
    )
    select
        n.value ->> 'legal_entity_id', tg_table_name,
        (select coalesce(jsonb_object_agg(k.name, n.value -> k.name), '{}') from unnest(tg_argv) as k (name)),
        (
            select jsonb_object_agg(v.name, v.value)
            from jsonb_each(n.value) as v (name, value)
            where v.value <> 'null' and v.name <> all (c_not_logged || tg_argv)
        ),
        v_who, v_who_id, pg_current_xact_id()::text::bigint, c.vendor, c.customer
    from (select to_jsonb(r) as value from new_rows as r) as n
    cross join lateral reimbursement.concerned_accounts(tg_table_name, null, n.value) as c;
    return null;
end
$$;

comment on function reimbursement.log_inserts() is 'Trigger: writes down what people insert.';
