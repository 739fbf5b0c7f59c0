-- The day on which a run is dated where no date is given, and on which it is carried out at the earliest: the legal
-- entity's day of its run_at, or of now when that is later.
--
-- Returns: null for an unknown legal entity. Reads: legal_entities.
create or replace function reimbursement.run_day(p_legal_entity_id text, p_run_at timestamptz) returns date
language sql stable parallel safe
as $$
    select (greatest(now(), case when isfinite(p_run_at) then p_run_at end) at time zone le.time_zone)::date
    from reimbursement.legal_entities as le
    where le.legal_entity_id = p_legal_entity_id
$$;

comment on function reimbursement.run_day(text, timestamptz) is
'The legal entity''s day of a run_at, or of now when that is later.';
