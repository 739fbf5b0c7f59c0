-- Writes the vendor's side: an invoice for each reimbursement, due by the vendor's terms or the run's, and its open
-- vendor transaction.
--
-- The invoice is dated on the posting date; the transaction bears the ledger voucher. The text names the customer's
-- account, not his name, which may have to be erased one day.
-- Reads: reimbursement_lines, vendors, legal_entities. Writes: vendor_invoices, vendor_transactions.
-- Raises: 40001, to be tried again, when a vendor is gone, or was given to another customer.
create or replace function reimbursement.create_vendor_invoices(
    p_legal_entity_id text, p_reimbursements reimbursement.taken_numbers, p_invoices reimbursement.taken_numbers,
    p_vendors reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_payable_account constant text := (
        select le.payable_account from reimbursement.legal_entities as le where le.legal_entity_id = p_legal_entity_id
    );
    v_invoices bigint;
    v_transactions bigint;
begin
    insert into reimbursement.vendor_invoices (
        legal_entity_id, invoice_number, vendor_account, invoice_date, due_date, currency, amount,
        accounting_amount, description, run_id
    )
    select
        l.legal_entity_id, reimbursement.number_text(p_invoices, l.reimbursement_index), v.vendor_account,
        l.posting_date, l.due_date, l.currency, l.reimbursed_amount, l.reimbursed_accounting_amount,
        format('Reimbursement %s of customer %s',
            reimbursement.number_text(p_reimbursements, l.reimbursement_index), l.customer_account),
        l.run_id
    from pg_temp.reimbursement_lines as l
    cross join lateral (
        select x.vendor_account
        from reimbursement.vendors as x
        where x.legal_entity_id = l.legal_entity_id
            and x.vendor_account
            = coalesce(l.vendor_account, reimbursement.number_text(p_vendors, l.new_vendor_index))
            and not (x.is_one_time and x.customer_account is distinct from l.customer_account)
        limit 1
    ) as v
    where l.is_first_of_reimbursement;
    get diagnostics v_invoices = row_count;

    insert into reimbursement.vendor_transactions (
        legal_entity_id, vendor_account, transaction_type, voucher, invoice_number, transaction_date, due_date,
        payable_account, currency, amount, accounting_amount, run_id
    )
    select
        l.legal_entity_id, coalesce(l.vendor_account, reimbursement.number_text(p_vendors, l.new_vendor_index)),
        'invoice', reimbursement.number_text(p_reimbursements, l.reimbursement_index),
        reimbursement.number_text(p_invoices, l.reimbursement_index), l.posting_date, l.due_date, v_payable_account,
        l.currency, -l.reimbursed_amount, -l.reimbursed_accounting_amount, l.run_id
    from pg_temp.reimbursement_lines as l
    where l.is_first_of_reimbursement;
    get diagnostics v_transactions = row_count;
    if v_invoices <> v_transactions then
        raise exception using errcode = 'serialization_failure',
            message = 'a vendor was deleted, renamed or given to another customer by somebody else meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
end
$$;

comment on function reimbursement.create_vendor_invoices(
    text, reimbursement.taken_numbers, reimbursement.taken_numbers, reimbursement.taken_numbers
) is 'Writes the vendor''s side: an invoice for each reimbursement, and its open vendor transaction.';
