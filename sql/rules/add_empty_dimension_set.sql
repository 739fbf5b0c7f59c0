-- Trigger: gives a new legal entity its empty dimension set, number 0.
--
-- Writes: dimension_sets.
create or replace function reimbursement.add_empty_dimension_set() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    insert into reimbursement.dimension_sets (legal_entity_id, dimension_set_id, dimensions)
    values (new.legal_entity_id, 0, '{}');
    return null;
end
$$;

comment on function reimbursement.add_empty_dimension_set() is
'Trigger: gives a new legal entity its empty dimension set, number 0.';
