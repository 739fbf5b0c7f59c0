-- Writes the vendor's side: an invoice for each reimbursement, due by the vendor's terms, and its open vendor
-- transaction.
--
-- The invoice is dated on the posting date; the transaction bears the ledger voucher.
-- Reads: new_reimbursements, customers, legal_entities. Writes: vendor_invoices, vendor_transactions.
create or replace function reimbursement.create_vendor_invoices(
    p_legal_entity_id text, p_run_id bigint, p_posting_date date
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.vendor_invoices (
        legal_entity_id, invoice_number, vendor_account, invoice_date, due_date, currency, amount,
        accounting_amount, description, run_id
    )
    select
        p_legal_entity_id, r.invoice_number, r.vendor_account, p_posting_date, r.due_date, r.currency, r.amount,
        r.accounting_amount,
        format('Reimbursement %s of customer %s %s', r.reimbursement_number, r.customer_account, c.name),
        p_run_id
    from pg_temp.new_reimbursements as r
    inner join reimbursement.customers as c
        on c.legal_entity_id = p_legal_entity_id and c.customer_account = r.customer_account;

    insert into reimbursement.vendor_transactions (
        legal_entity_id, vendor_account, transaction_type, voucher, invoice_number, transaction_date, due_date,
        payable_account, currency, amount, accounting_amount, run_id
    )
    select
        p_legal_entity_id, r.vendor_account, 'invoice', r.reimbursement_number, r.invoice_number, p_posting_date,
        r.due_date, le.payable_account, r.currency, -r.amount, -r.accounting_amount, p_run_id
    from pg_temp.new_reimbursements as r
    inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
    order by r.reimbursement_index;
end
$$;

comment on function reimbursement.create_vendor_invoices(text, bigint, date) is
'Writes the vendor''s side: an invoice for each reimbursement, and its open vendor transaction.';
