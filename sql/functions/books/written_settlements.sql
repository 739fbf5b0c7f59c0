-- The settlements of a run, and those that others made of its transactions or that it took back; without a run, all.
--
-- A netting is found by its run; what has a debit or a credit of the run, by these; and what undoes a reimbursement, by
-- the debit of that.
create or replace function reimbursement.written_settlements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.settlements
language sql stable
as $$
    select x.*
    from reimbursement.settlements as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from (
        select x.legal_entity_id, x.settlement_id
        from reimbursement.settlements as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id = p_run_id and x.is_netting
        union
        select x.legal_entity_id, x.settlement_id
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        inner join reimbursement.settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.debit_transaction_id = t.customer_transaction_id
        where p_run_id is not null
        union
        select x.legal_entity_id, x.settlement_id
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        inner join reimbursement.settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.credit_transaction_id = t.customer_transaction_id
        where p_run_id is not null
        union
        select x.legal_entity_id, x.settlement_id
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.reimbursements as r
            on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
        inner join reimbursement.customer_transactions as t
            on t.legal_entity_id = r.legal_entity_id and t.run_id = r.run_id and t.voucher = r.reimbursement_number
        inner join reimbursement.settlements as x
            on x.legal_entity_id = t.legal_entity_id and x.debit_transaction_id = t.customer_transaction_id
        where p_run_id is not null
    ) as k
    inner join reimbursement.settlements as x
        on x.legal_entity_id = k.legal_entity_id and x.settlement_id = k.settlement_id
$$;

comment on function reimbursement.written_settlements(text, bigint) is
'The settlements of a run and of its transactions; all of the books where it is null.';
