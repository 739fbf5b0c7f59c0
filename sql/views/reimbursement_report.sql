-- The reimbursement report: what was created, and what became of it.
create or replace view reimbursement.reimbursement_report as
select
    r.run_id,
    r.legal_entity_id,
    r.reimbursement_number,
    r.posting_date,
    r.customer_account,
    c.name as customer_name,
    r.vendor_account,
    v.is_one_time as is_one_time_vendor,
    r.invoice_number,
    i.due_date,
    r.currency,
    r.amount,
    r.accounting_amount,
    d.dimensions,
    case when t.open_amount <> 0 then 'open' else 'paid' end as payment_status,
    null::text as payment_number,
    null::date as paid_on,
    null::text as reversed_by
from reimbursement.reimbursements as r
inner join reimbursement.customers as c
    on c.legal_entity_id = r.legal_entity_id and c.customer_account = r.customer_account
inner join reimbursement.vendors as v
    on v.legal_entity_id = r.legal_entity_id and v.vendor_account = r.vendor_account
inner join reimbursement.vendor_invoices as i
    on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
inner join reimbursement.vendor_transactions as t
    on t.legal_entity_id = r.legal_entity_id and t.invoice_number = r.invoice_number and t.transaction_type = 'invoice'
left join reimbursement.dimension_sets as d
    on d.legal_entity_id = r.legal_entity_id and d.dimension_set_id = r.dimension_set_id;

comment on view reimbursement.reimbursement_report is
'One row a reimbursement: customer, vendor, invoice, amount, dimensions (null where the customer was summarized), payment status.';
