-- The payments of a run; without a run, all of the legal entity or of all.
--
-- What written_… and touched_… functions have in common: see check_rules.
create or replace function reimbursement.written_payments(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.payments
language sql stable
as $$
    select x.*
    from reimbursement.payments as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from reimbursement.payments as x
    where x.legal_entity_id = p_legal_entity_id and x.run_id = p_run_id
$$;

comment on function reimbursement.written_payments(text, bigint) is
'The payments of a run; all of the books where it is null.';
