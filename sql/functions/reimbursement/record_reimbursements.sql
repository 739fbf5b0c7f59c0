-- Writes the reimbursements themselves, which tie customer, credits, vendor and invoice together.
--
-- Reads: reimbursement_lines. Writes: reimbursements.
create or replace function reimbursement.record_reimbursements(
    p_reimbursements reimbursement.taken_numbers, p_invoices reimbursement.taken_numbers,
    p_vendors reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.reimbursements (
        legal_entity_id, reimbursement_number, run_id, job_id, customer_account, vendor_account, invoice_number,
        posting_date, currency, amount, exchange_rate, accounting_amount, receivable_account, dimension_set_id
    )
    select
        l.legal_entity_id, reimbursement.number_text(p_reimbursements, l.reimbursement_index), l.run_id, l.job_id,
        l.customer_account,
        coalesce(l.vendor_account, reimbursement.number_text(p_vendors, l.new_vendor_index)),
        reimbursement.number_text(p_invoices, l.reimbursement_index), l.posting_date, l.currency, l.reimbursed_amount,
        l.exchange_rate, l.reimbursed_accounting_amount, l.group_receivable_account, l.group_dimension_set_id
    from pg_temp.reimbursement_lines as l
    where l.is_first_of_reimbursement;
end
$$;

comment on function reimbursement.record_reimbursements(
    reimbursement.taken_numbers, reimbursement.taken_numbers, reimbursement.taken_numbers
) is 'Writes the reimbursements themselves, which tie customer, credits, vendor and invoice together.';
