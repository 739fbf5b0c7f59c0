-- Per reimbursement run and currency: credits cleared (apart from what was netted) = reimbursements = vendor invoices =
-- vendor transactions.
create or replace function reimbursement.check_run_totals(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with totals as (
        select t.legal_entity_id, t.run_id, t.currency, t.what, sum(t.amount) as amount
        from (
            select s.legal_entity_id, s.run_id, s.currency, 'cleared' as what, s.amount
            from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
            inner join reimbursement.customer_transactions as d
                on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
            where d.transaction_type = 'reimbursement' and (d.run_id = s.run_id) is true
            union all
            select r.legal_entity_id, r.run_id, r.currency, 'reimbursed', r.amount
            from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
            union all
            select i.legal_entity_id, i.run_id, i.currency, 'invoiced', i.amount
            from reimbursement.written_vendor_invoices(p_legal_entity_id, p_run_id) as i
            union all
            select v.legal_entity_id, v.run_id, v.currency, 'owed', -v.amount
            from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as v
            where v.transaction_type = 'invoice'
        ) as t
        where p_run_id is null or t.run_id = p_run_id
        group by t.legal_entity_id, t.run_id, t.currency, t.what
    ),
    compared as (
        select
            t.legal_entity_id, t.run_id, t.currency,
            coalesce(sum(t.amount) filter (where t.what = 'cleared'), 0) as cleared,
            coalesce(sum(t.amount) filter (where t.what = 'reimbursed'), 0) as reimbursed,
            coalesce(sum(t.amount) filter (where t.what = 'invoiced'), 0) as invoiced,
            coalesce(sum(t.amount) filter (where t.what = 'owed'), 0) as owed
        from totals as t
        group by t.legal_entity_id, t.run_id, t.currency
    )
    select
        c.legal_entity_id, 'run_totals_agree', format('run %s, %s', c.run_id, c.currency),
        format('credits cleared %s', c.cleared),
        format('reimbursements %s, vendor invoices %s, vendor transactions %s', c.reimbursed, c.invoiced, c.owed)
    from compared as c
    where c.cleared <> c.reimbursed or c.cleared <> c.invoiced or c.cleared <> c.owed
$$;

comment on function reimbursement.check_run_totals(text, bigint) is
'Violations: runs whose cleared credits, reimbursements, vendor invoices and vendor transactions differ.';
