-- What day it is in a legal entity, by the database's clock and the legal entity's time zone.
--
-- Returns: null for an unknown legal entity. Reads: legal_entities.
create or replace function reimbursement.legal_entity_today(p_legal_entity_id text) returns date
language sql stable parallel safe
as $$
    select (now() at time zone le.time_zone)::date
    from reimbursement.legal_entities as le
    where le.legal_entity_id = p_legal_entity_id
$$;

comment on function reimbursement.legal_entity_today(text) is
'What day it is in a legal entity, by the database''s clock and the legal entity''s time zone.';
