-- What is approved of payments: of each invoice the vendor, his name and bank details, the currency, the amount, how
-- and from which account it is paid, and which invoices are one payment.
--
-- p_selected: what select_invoices has selected, for the preview or under the transfer's locks. Invoices that are
-- skipped are no rows.
create or replace function reimbursement.rows_of_invoices(
    p_job_id bigint, p_selected reimbursement.selected_invoice []
) returns setof reimbursement.approval_row
language sql stable
as $$
    select
        p_job_id, s.invoice_number,
        reimbursement.row_digest(jsonb_build_array(
            s.vendor_account, s.creditor_name, s.creditor_iban, s.creditor_bic, s.currency, trim_scale(s.amount),
            s.method_of_payment, s.is_transfer, s.bank_account, s.invoice_of_payment)),
        concat_ws(', ',
            format('invoice %s: %s %s to %s %s', s.invoice_number, s.currency,
                round(s.amount, reimbursement.minor_unit(s.currency)), s.vendor_account, s.creditor_name),
            coalesce(reimbursement.mask_bank_detail(s.creditor_iban), 'no bank account'),
            reimbursement.mask_bank_detail(s.creditor_bic),
            format('from %s', s.bank_account)),
        s.accounting_amount
    from unnest(p_selected) as s
    where s.skip_reason is null
$$;

comment on function reimbursement.rows_of_invoices(bigint, reimbursement.selected_invoice []) is
'What is approved of payments: invoice, payee, bank details, currency and amount of each.';
