-- The reimbursement report: what was created, and what became of it.
--
-- What stands elsewhere is looked up row by row, by primary key: columns that a query leaves out cost nothing, and the
-- plan is the same right after a large run, before its tables have statistics.
create or replace view reimbursement.reimbursement_report as
select
    r.run_id,
    r.legal_entity_id,
    r.reimbursement_number,
    r.posting_date,
    r.customer_account,
    (
        select c.name
        from reimbursement.customers as c
        where c.legal_entity_id = r.legal_entity_id and c.customer_account = r.customer_account
    ) as customer_name,
    r.vendor_account,
    (
        select v.is_one_time
        from reimbursement.vendors as v
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
    (
        select case when sum(t.open_amount) = 0 then 'paid' else 'open' end
        from reimbursement.vendor_transactions as t
        where t.legal_entity_id = r.legal_entity_id and t.invoice_number = r.invoice_number
    ) as payment_status,
    null::text as payment_number,
    null::date as paid_on,
    null::text as reversed_by
from reimbursement.reimbursements as r;

comment on view reimbursement.reimbursement_report is
'One row a reimbursement: customer, vendor, invoice, amount, dimensions (null where the customer was summarized), payment status.';
