-- Writes the payments, as they are instructed: amounts, the account paid from, and the creditor as he is now.
--
-- Reads: new_payments, selected_invoices. Writes: payments.
create or replace function reimbursement.record_payments(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_payment_date date
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.payments (
        legal_entity_id, payment_number, run_id, job_id, vendor_account, payment_date, currency, amount,
        exchange_rate, accounting_amount, method_of_payment, bank_account, is_transfer, creditor_name, creditor_iban,
        creditor_bic, creditor_country, creditor_address, remittance, end_to_end_id
    )
    select
        p_legal_entity_id, p.payment_number, p_run_id, p_job_id, p.vendor_account, p_payment_date, p.currency, p.amount,
        p.exchange_rate, p.accounting_amount, i.method_of_payment, i.bank_account, i.is_transfer, i.creditor_name,
        i.creditor_iban, i.creditor_bic, i.creditor_country, i.creditor_address,
        case when i.invoices = 1 then format('%s %s', i.invoice_numbers, i.description) else i.invoice_numbers end,
        case when i.is_transfer then p.payment_number end
    from pg_temp.new_payments as p
    inner join (
        select
            s.payment_index, s.method_of_payment, s.bank_account, s.is_transfer, s.creditor_name, s.creditor_iban,
            s.creditor_bic, s.creditor_country, s.creditor_address, count(*) as invoices,
            string_agg(s.invoice_number, ', ' order by s.due_date, s.invoice_number) as invoice_numbers,
            min(s.description) as description
        from pg_temp.selected_invoices as s
        where s.payment_index is not null
        group by
            s.payment_index, s.method_of_payment, s.bank_account, s.is_transfer, s.creditor_name, s.creditor_iban,
            s.creditor_bic, s.creditor_country, s.creditor_address
    ) as i on i.payment_index = p.payment_index;
end
$$;

comment on function reimbursement.record_payments(text, bigint, bigint, date) is
'Writes the payments, as they are instructed.';
