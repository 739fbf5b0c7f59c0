-- Raises RB001: there is no such legal entity.
create or replace function reimbursement.raise_unknown_legal_entity(p_legal_entity_id text) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    raise exception using errcode = 'RB001',
        message = format('legal entity %s does not exist', coalesce('"' || p_legal_entity_id || '"', 'NULL')),
        hint = 'Create it with reimbursement.set_up_legal_entity(); the table reimbursement.legal_entities lists what there is.';
end
$$;

comment on function reimbursement.raise_unknown_legal_entity(text) is 'Raises RB001: there is no such legal entity.';
