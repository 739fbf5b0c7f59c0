-- The customer transactions that a run created; without a run, all of the legal entity or of all.
create or replace function reimbursement.written_customer_transactions(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.customer_transactions
language sql stable
as $$
    select x.*
    from reimbursement.customer_transactions as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from reimbursement.customer_transactions as x
    where x.legal_entity_id = p_legal_entity_id and x.run_id = p_run_id
$$;

comment on function reimbursement.written_customer_transactions(text, bigint) is
'The customer transactions that a run created; all of the books where it is null.';
