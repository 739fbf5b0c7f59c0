-- The vendor transactions that a run created, or that its settlements tie; without a run, all.
create or replace function reimbursement.touched_vendor_transactions(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.vendor_transactions
language sql stable
as $$
    select x.*
    from reimbursement.vendor_transactions as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    (
        select x.*
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as x
        where p_run_id is not null
        union
        select x.*
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.vendor_transactions as x
            on x.legal_entity_id = s.legal_entity_id and x.vendor_transaction_id = s.debit_transaction_id
        where p_run_id is not null
        union
        select x.*
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.vendor_transactions as x
            on x.legal_entity_id = s.legal_entity_id and x.vendor_transaction_id = s.credit_transaction_id
        where p_run_id is not null
    )
$$;

comment on function reimbursement.touched_vendor_transactions(text, bigint) is
'The vendor transactions that a run created or settled; all of the books where it is null.';
