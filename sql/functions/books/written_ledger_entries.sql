-- The lines of a run's vouchers; without a run, all.
--
-- A voucher bears the number of a document of the run or of one of its nettings. A customer transaction names it too,
-- should the document be gone.
create or replace function reimbursement.written_ledger_entries(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.ledger_entries
language sql stable
as $$
    select x.*
    from reimbursement.ledger_entries as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from (
        select r.legal_entity_id, r.reimbursement_number as voucher
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        where p_run_id is not null
        union
        select p.legal_entity_id, p.payment_number
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        where p_run_id is not null
        union
        select v.legal_entity_id, v.voucher
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        where p_run_id is not null
        union
        select t.legal_entity_id, t.voucher
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        where p_run_id is not null
        union
        select s.legal_entity_id, s.voucher
        from reimbursement.settlements as s
        where s.legal_entity_id = p_legal_entity_id and s.run_id = p_run_id and s.is_netting and s.voucher is not null
    ) as d
    inner join reimbursement.ledger_entries as x
        on x.legal_entity_id = d.legal_entity_id and x.voucher = d.voucher
$$;

comment on function reimbursement.written_ledger_entries(text, bigint) is
'The lines of a run''s vouchers; all of the books where it is null.';
