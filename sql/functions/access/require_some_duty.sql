-- Refuses whoever has none of some duties in any legal entity at all: what a function finds out that it concerns is
-- asked for then.
--
-- Reads: as has_duty. Raises: 42501 the duty is missing.
create or replace function reimbursement.require_some_duty(variadic p_duties text[]) returns void
language plpgsql stable parallel restricted set search_path = reimbursement, pg_temp
as $$
begin
    if not reimbursement.has_duty(null, variadic p_duties)
        and not exists (select from reimbursement.legal_entities_of(variadic p_duties))
    then
        perform reimbursement.require_duty(null, variadic p_duties);
    end if;
end
$$;

comment on function reimbursement.require_some_duty(text []) is
'Raises 42501, naming the duty, where whoever acts has none of some duties in any legal entity.';
