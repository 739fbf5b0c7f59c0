-- The customer transactions that a run created, or that its settlements tie; without a run, all.
create or replace function reimbursement.touched_customer_transactions(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.customer_transactions
language sql stable
as $$
    select x.*
    from reimbursement.customer_transactions as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from (
        select t.legal_entity_id, t.customer_transaction_id
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        where p_run_id is not null
        union
        select s.legal_entity_id, unnest(array[s.debit_transaction_id, s.credit_transaction_id])
        from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
        where p_run_id is not null
    ) as k
    inner join reimbursement.customer_transactions as x
        on x.legal_entity_id = k.legal_entity_id and x.customer_transaction_id = k.customer_transaction_id
$$;

comment on function reimbursement.touched_customer_transactions(text, bigint) is
'The customer transactions that a run created or settled; all of the books where it is null.';
