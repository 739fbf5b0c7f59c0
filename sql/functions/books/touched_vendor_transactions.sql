-- The vendor transactions that a run created, or that its settlements tie; without a run, all.
create or replace function reimbursement.touched_vendor_transactions(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.vendor_transactions
language sql stable
as $$
    select x.*
    from reimbursement.vendor_transactions as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from (
        select t.legal_entity_id, t.vendor_transaction_id
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as t
        where p_run_id is not null
        union
        select s.legal_entity_id, unnest(array[s.debit_transaction_id, s.credit_transaction_id])
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        where p_run_id is not null
    ) as k
    inner join reimbursement.vendor_transactions as x
        on x.legal_entity_id = k.legal_entity_id and x.vendor_transaction_id = k.vendor_transaction_id
$$;

comment on function reimbursement.touched_vendor_transactions(text, bigint) is
'The vendor transactions that a run created or settled; all of the books where it is null.';
