-- Every violation of what always holds (product rules, section 7); no row when the books are right.
--
-- legal_entity_id: null for all of them. run_id: only what this run wrote and what that touches; null for everything.
-- Reads all books, or of a run its rows and those that they name; writes and locks nothing.
-- Returns: the rule, what it concerns, what was expected and what was found.
-- Raises: RB033 there is no such run, or it is of another legal entity; 42501 the duty auditor is missing.
create or replace function reimbursement.check_books(legal_entity_id text default null, run_id bigint default null)
returns setof reimbursement.violation
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(
        coalesce($1, (select r.legal_entity_id from reimbursement.run_requests as r where r.run_id = $2)), 'auditor');
    return query
    select v.legal_entity_id, v.rule, v.reference, v.expected, v.found
    from (
        select * from reimbursement.check_all_books($1) where $2 is null
        union all
        select * from reimbursement.check_run($1, $2) where $2 is not null
    ) as v
    order by v.legal_entity_id, v.rule, v.reference;
end
$$;

comment on function reimbursement.check_books(text, bigint) is
'Every violation of what always holds, in the books or in what one run wrote and touches; no row when they are right.';
