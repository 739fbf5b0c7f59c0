-- The reimbursements of a run; without a run, all of the legal entity or of all.
--
-- What written_… and touched_… functions have in common: see check_rules.
create or replace function reimbursement.written_reimbursements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.reimbursements
language sql stable
as $$
    select x.*
    from reimbursement.reimbursements as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from reimbursement.reimbursements as x
    where x.legal_entity_id = p_legal_entity_id and x.run_id = p_run_id
$$;

comment on function reimbursement.written_reimbursements(text, bigint) is
'The reimbursements of a run; all of the books where it is null.';
