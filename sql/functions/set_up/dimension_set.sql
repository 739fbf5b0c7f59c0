-- The number of a set of financial dimensions, created when it is new.
--
-- dimensions: an object of names and values, {"Department": "022", "CostCenter": "007"}; numbers count as their text.
-- Two sets are the same when they are equal as sets; the empty set is 0.
-- Writes: dimension_sets. Raises: RB001 unknown legal entity, RB011 not an object of names and values.
create or replace function reimbursement.dimension_set(legal_entity_id text, dimensions jsonb) returns bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_dimensions jsonb;
    v_id bigint;
begin
    perform reimbursement.require_duty(dimension_set.legal_entity_id, 'master');
    if jsonb_typeof(dimension_set.dimensions) is distinct from 'object'
        or exists (
            select from jsonb_each(dimension_set.dimensions) as d
            where btrim(d.key) = '' or jsonb_typeof(d.value) not in ('string', 'number') or btrim(d.value #>> '{}') = ''
        )
    then
        raise exception using errcode = 'RB011',
            message = format('%s is no set of financial dimensions', coalesce(dimension_set.dimensions::text, 'NULL')),
            hint = 'Give an object of names and values, none of them blank: {"Department": "022", "CostCenter": "007"}.';
    end if;
    select coalesce(jsonb_object_agg(d.key, d.value #>> '{}'), '{}') into v_dimensions
    from jsonb_each(dimension_set.dimensions) as d;

    if not exists (
        select from reimbursement.legal_entities as le where le.legal_entity_id = dimension_set.legal_entity_id
    ) then
        perform reimbursement.raise_unknown_legal_entity(dimension_set.legal_entity_id);
    end if;
    select s.dimension_set_id into v_id
    from reimbursement.dimension_sets as s
    where s.legal_entity_id = dimension_set.legal_entity_id and md5(s.dimensions::text) = md5(v_dimensions::text);
    if not found then
        insert into reimbursement.dimension_sets (legal_entity_id, dimensions)
        values (dimension_set.legal_entity_id, v_dimensions)
        on conflict do nothing;
        -- Another session may have been first; its row is visible to a new statement.
        select s.dimension_set_id into v_id
        from reimbursement.dimension_sets as s
        where s.legal_entity_id = dimension_set.legal_entity_id and md5(s.dimensions::text) = md5(v_dimensions::text);
    end if;
    return v_id;
end
$$;

comment on function reimbursement.dimension_set(text, jsonb) is
'The number of a set of financial dimensions, created when it is new. Equal sets have one number.';
