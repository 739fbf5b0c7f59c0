-- Trigger: writes down how a person changed a row, inserted or deleted it: the columns that differ, old and new. Its
-- arguments are the columns of the key, by which the row was known before.
--
-- Writes: change_log.
create or replace function reimbursement.log_change() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
declare
    c_not_logged constant text [] := array[
        'run_id', 'last_run_id', 'numbers_taken', 'edited_by_hand', 'refreshed_at'
    ];
    c_in_key constant text [] := array['legal_entity_id'] || tg_argv;
    v_who constant name := reimbursement.acting_role();
    v_old jsonb := to_jsonb(old);
    v_new jsonb := to_jsonb(new);
    v_row constant jsonb := coalesce(v_old, v_new);
    v_key jsonb;
    v_concerned record;
begin
    select coalesce(jsonb_object_agg(k.name, v_row -> k.name), '{}') into v_key from unnest(tg_argv) as k (name);
    select c.* into v_concerned from reimbursement.concerned_accounts(tg_table_name, v_old, v_new) as c;
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(k.name, v_old -> k.name), jsonb_object_agg(k.name, v_new -> k.name)
        into v_old, v_new
        from jsonb_object_keys(v_row) as k (name)
        where v_new -> k.name <> v_old -> k.name and k.name <> all (c_not_logged);
        if v_old is null then
            return null;
        end if;
    else
        select
            case when tg_op = 'DELETE' then jsonb_object_agg(v.name, v.value) end,
            case when tg_op = 'INSERT' then jsonb_object_agg(v.name, v.value) end
        into v_old, v_new
        from jsonb_each(v_row) as v (name, value)
        where v.value <> 'null' and v.name <> all (c_not_logged || c_in_key);
    end if;
    insert into reimbursement.change_log (
        legal_entity_id, table_name, key, old_values, new_values, changed_by, changed_by_id, transaction_id,
        concerned_vendor, concerned_customer
    )
    values (
        v_row ->> 'legal_entity_id', tg_table_name, v_key, v_old, v_new, v_who,
        (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who), pg_current_xact_id()::text::bigint,
        v_concerned.vendor, v_concerned.customer
    );
    return null;
end
$$;

comment on function reimbursement.log_change() is
'Trigger: writes down how a person changed a row, inserted or deleted it.';
