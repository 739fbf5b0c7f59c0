-- Decides which invoices are paid: the selection that preview and transfer share.
--
-- A row is a due, open invoice that the run's choices name, of those that the job has locked (p_locked; null: of all,
-- for the preview). skip_reason is the first reason in the order of the product's rules, null for an invoice that is
-- paid.
--   invoice_of_payment         the invoice, where each has a payment of its own; null: the vendor's, in its currency
--   amount                     what is open, positive; invoice_accounting_amount is its accounting part
--   accounting_amount          what it adds to its payment at the payment date's rate; the payment is rounded once
--   payment_index              which payment pays it, from 1, by vendor, currency, payable account and invoice; null:
--                              none
-- p_run_id, p_vendor_after and p_vendor_through: see judge_invoices and know_invoices.
-- Reads: what judge_invoices reads. Writes and locks nothing.
create or replace function reimbursement.select_invoices(
    p_legal_entity_id text,
    p_choices reimbursement.vendor_payment_choices,
    p_run_id bigint default null,
    p_vendor_after text default null,
    p_vendor_through text default null,
    p_locked bigint[] default null
) returns setof reimbursement.selected_invoice
language sql stable
as $$
    with decisions as (
        select j.*, j.reasons[1] as skip_reason
        from reimbursement.judge_invoices(
            p_legal_entity_id, p_choices, p_run_id, p_vendor_after, p_vendor_through, p_locked) as j
        offset 0
    )
    select
        p_legal_entity_id, d.vendor_transaction_id, d.invoice_number, d.voucher, d.vendor_account, d.invoice_of_payment,
        d.due_date, d.payable_account, d.currency, d.amount, d.invoice_accounting_amount, d.exchange_rate,
        case
            when d.skip_reason is null or d.skip_reason = 'over_maximum' then d.adds
            else round(d.amount * d.exchange_rate, reimbursement.minor_unit(d.accounting_currency))
        end,
        d.method_of_payment, d.is_transfer, d.bank_account, d.credited_account, d.creditor_name, d.creditor_iban,
        d.creditor_bic, d.creditor_country, d.creditor_address, d.description, d.skip_reason,
        case when d.skip_reason is null then dense_rank() over (
            partition by d.skip_reason is null
            order by d.vendor_account, d.currency, d.payable_account, d.invoice_of_payment
        ) end
    from decisions as d
    where d.is_ours
$$;

comment on function reimbursement.select_invoices(
    text, reimbursement.vendor_payment_choices, bigint, text, text, bigint[]
) is 'Decides which invoices are paid: the selection that preview and transfer share. Writes nothing.';
