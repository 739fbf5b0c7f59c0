-- The settlements of a run's vendor transactions, and those of the payments that it took back; without a run, all.
create or replace function reimbursement.written_vendor_settlements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.vendor_settlements
language sql stable
as $$
    select x.*
    from reimbursement.vendor_settlements as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from (
        select x.legal_entity_id, x.vendor_settlement_id
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as t
        inner join reimbursement.vendor_settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.debit_transaction_id = t.vendor_transaction_id
        where p_run_id is not null
        union
        select x.legal_entity_id, x.vendor_settlement_id
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as t
        inner join reimbursement.vendor_settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.credit_transaction_id = t.vendor_transaction_id
        where p_run_id is not null
        union
        select x.legal_entity_id, x.vendor_settlement_id
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.vendor_transactions as t
            on t.legal_entity_id = v.legal_entity_id and t.voucher = v.reversed_voucher
                and t.transaction_type <> 'invoice'
        inner join reimbursement.vendor_settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.debit_transaction_id = t.vendor_transaction_id
        where p_run_id is not null
    ) as k
    inner join reimbursement.vendor_settlements as x
        on x.legal_entity_id = k.legal_entity_id and x.vendor_settlement_id = k.vendor_settlement_id
$$;

comment on function reimbursement.written_vendor_settlements(text, bigint) is
'The settlements of a run''s vendor transactions; all of the books where it is null.';
