-- The vendor transactions of a run; without a run, all.
--
-- An invoice is found by the reimbursement, what pays or cancels it by its voucher.
create or replace function reimbursement.written_vendor_transactions(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.vendor_transactions
language sql stable
as $$
    select x.*
    from reimbursement.vendor_transactions as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
    inner join reimbursement.vendor_transactions as x
        on x.legal_entity_id = r.legal_entity_id and x.invoice_number = r.invoice_number
            and x.transaction_type = 'invoice'
    where p_run_id is not null
    union all
    select x.*
    from (
        select p.legal_entity_id, p.payment_number as voucher
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        where p_run_id is not null
        union
        select v.legal_entity_id, v.voucher
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        where p_run_id is not null
    ) as d
    inner join reimbursement.vendor_transactions as x
        on x.legal_entity_id = d.legal_entity_id and x.voucher = d.voucher and x.transaction_type <> 'invoice'
$$;

comment on function reimbursement.written_vendor_transactions(text, bigint) is
'The vendor transactions of a run; all of the books where it is null.';
