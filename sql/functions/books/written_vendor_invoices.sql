-- The vendor invoices of a run's reimbursements, by which they are found; without a run, all.
create or replace function reimbursement.written_vendor_invoices(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.vendor_invoices
language sql stable
as $$
    select x.*
    from reimbursement.vendor_invoices as x
    where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
    union all
    select x.*
    from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
    inner join reimbursement.vendor_invoices as x
        on x.legal_entity_id = r.legal_entity_id and x.invoice_number = r.invoice_number
    where p_run_id is not null
$$;

comment on function reimbursement.written_vendor_invoices(text, bigint) is
'The vendor invoices of a run; all of the books where it is null.';
