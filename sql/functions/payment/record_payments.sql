-- Writes the payments, as they are instructed: amounts, the account paid from, and the creditor as he is now.
--
-- Reads: new_payments. Writes: payments.
create or replace function reimbursement.record_payments(p_run_id bigint, p_job_id bigint, p_payment_date date)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.payments (
        legal_entity_id, payment_number, run_id, job_id, vendor_account, payment_date, currency, amount,
        exchange_rate, accounting_amount, method_of_payment, bank_account, is_transfer, creditor_name, creditor_iban,
        creditor_bic, creditor_country, creditor_address, remittance, end_to_end_id
    )
    select
        p.legal_entity_id, p.payment_number, p_run_id, p_job_id, p.vendor_account, p_payment_date, p.currency, p.amount,
        p.exchange_rate, p.accounting_amount, p.method_of_payment, p.bank_account, p.is_transfer, p.creditor_name,
        p.creditor_iban, p.creditor_bic, p.creditor_country, p.creditor_address, p.remittance,
        case when p.is_transfer then p.payment_number end
    from pg_temp.new_payments as p;
end
$$;

comment on function reimbursement.record_payments(bigint, bigint, date) is
'Writes the payments, as they are instructed.';
