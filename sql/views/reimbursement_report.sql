-- The reimbursement report: what was created, and what became of it.
--
-- What stands elsewhere is looked up row by row, by key: the plan is the same right after a large run, before its
-- tables have statistics. Each limit keeps the planner from making a join of a look-up.
create or replace view reimbursement.reimbursement_report with (security_invoker = true) as
select
    r.run_id,
    r.legal_entity_id,
    r.reimbursement_number,
    r.posting_date,
    r.customer_account,
    (
        select c.name
        from reimbursement.customer_accounts as c
        where c.legal_entity_id = r.legal_entity_id and c.customer_account = r.customer_account
    ) as customer_name,
    r.vendor_account,
    (
        select v.is_one_time
        from reimbursement.vendor_accounts as v
        where v.legal_entity_id = r.legal_entity_id and v.vendor_account = r.vendor_account
    ) as is_one_time_vendor,
    r.invoice_number,
    (
        select i.due_date
        from reimbursement.vendor_invoices as i
        where i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
    ) as due_date,
    r.currency,
    r.amount,
    r.accounting_amount,
    (
        select d.dimensions
        from reimbursement.dimension_sets as d
        where d.legal_entity_id = r.legal_entity_id and d.dimension_set_id = r.dimension_set_id
    ) as dimensions,
    case
        when w.voucher is not null then 'cancelled'
        when t.open_amount = 0 then 'paid'
        else 'open'
    end as payment_status,
    k.payment_number,
    k.paid_on,
    w.voucher as reversed_by,
    k.reversed_payments,
    k.return_codes
from reimbursement.reimbursements as r
left join lateral (
    select v.voucher
    from reimbursement.reversals as v
    where v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = r.reimbursement_number
    limit 1
) as w on true
left join lateral (
    select i.vendor_transaction_id, i.open_amount
    from reimbursement.vendor_transactions as i
    where i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
        and i.transaction_type = 'invoice'
    limit 1
) as t on true
left join lateral (
    select
        min(p.voucher) filter (where p.reversal is null) as payment_number,
        min(p.paid_on) filter (where p.reversal is null) as paid_on,
        array_agg(p.voucher order by p.voucher) filter (where p.reversal is not null) as reversed_payments,
        array_agg(p.return_code order by p.voucher) filter (where p.reversal is not null) as return_codes
    from (
        select d.voucher, s.settled_on as paid_on, b.voucher as reversal, b.return_code
        from reimbursement.vendor_settlements as s
        inner join reimbursement.vendor_transactions as d
            on d.legal_entity_id = r.legal_entity_id and d.vendor_transaction_id = s.debit_transaction_id
                and d.transaction_type = 'payment'
        left join reimbursement.reversals as b
            on b.legal_entity_id = r.legal_entity_id and b.reversed_voucher = d.voucher
        where s.legal_entity_id = r.legal_entity_id and s.credit_transaction_id = t.vendor_transaction_id
            and s.undoes_vendor_settlement_id is null
    ) as p
) as k on true;

comment on view reimbursement.reimbursement_report is
'One row a reimbursement: customer, vendor, invoice, amount, dimensions (null where the customer was summarized), payment, reversal.';
