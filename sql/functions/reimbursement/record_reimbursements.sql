-- Writes the reimbursements themselves, which tie customer, credits, vendor and invoice together, and keep what the
-- customer owes now: a payment may ask later whether it has become more.
--
-- p_has_open_debits: whether any customer of the pass owes something; otherwise nobody's debits are looked up.
-- Reads: reimbursement_lines, customer_transactions. Writes: reimbursements.
create or replace function reimbursement.record_reimbursements(
    p_reimbursements reimbursement.taken_numbers, p_invoices reimbursement.taken_numbers,
    p_vendors reimbursement.taken_numbers, p_has_open_debits boolean
) returns void
language plpgsql set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
as $$
begin
    insert into reimbursement.reimbursements (
        legal_entity_id, reimbursement_number, run_id, job_id, customer_account, vendor_account, invoice_number,
        posting_date, currency, amount, exchange_rate, accounting_amount, receivable_account, dimension_set_id,
        open_debits
    )
    select
        l.legal_entity_id, reimbursement.number_text(p_reimbursements, l.reimbursement_index), l.run_id, l.job_id,
        l.customer_account,
        coalesce(l.vendor_account, reimbursement.number_text(p_vendors, l.new_vendor_index)),
        reimbursement.number_text(p_invoices, l.reimbursement_index), l.posting_date, l.currency, l.reimbursed_amount,
        l.exchange_rate, l.reimbursed_accounting_amount, l.group_receivable_account, l.group_dimension_set_id,
        case when p_has_open_debits then (
            select o.open_debits from reimbursement.debts_of(l.legal_entity_id, l.customer_account) as o
        ) else 0 end
    from pg_temp.reimbursement_lines as l
    where l.is_first_of_reimbursement;
end
$$;

comment on function reimbursement.record_reimbursements(
    reimbursement.taken_numbers, reimbursement.taken_numbers, reimbursement.taken_numbers, boolean
) is 'Writes the reimbursements themselves, which tie customer, credits, vendor and invoice together.';
