-- Forms the payments of the batch, and takes their numbers. Whoever needs payment numbers of the same legal entity
-- waits from here on; so does a job that pays nothing, because it may be the last one and write the bank files.
--
-- The accounting amount is the payment's amount at the payment date's rate, rounded once.
-- p_transaction_ids: the ids of the payments' vendor transactions to be, by payment_index. Returns: their numbers.
-- Reads: selected_invoices, legal_entities. Writes: new_payments. Writes and locks: number_sequences.
-- Raises: 40001, to be tried again, when the number sequence is gone.
create or replace function reimbursement.form_payments(p_legal_entity_id text, p_transaction_ids bigint[])
returns reimbursement.taken_numbers
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_payments constant bigint := cardinality(p_transaction_ids);
    v_decimals constant int := (
        select reimbursement.minor_unit(le.accounting_currency) from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
    v_numbers reimbursement.taken_numbers;
begin
    perform from reimbursement.number_sequences as q
    where q.legal_entity_id = p_legal_entity_id and q.sequence = 'payment'
    for no key update;
    if v_payments = 0 then
        return null;
    end if;
    v_numbers := reimbursement.take_numbers_of(p_legal_entity_id, 'payment', v_payments);

    insert into pg_temp.new_payments (
        legal_entity_id, payment_index, payment_number, vendor_transaction_id, vendor_account, invoice_number,
        payable_account, currency, amount, exchange_rate, accounting_amount, method_of_payment, is_transfer,
        bank_account, credited_account, creditor_name, creditor_iban, creditor_bic, creditor_country, creditor_address,
        remittance
    )
    select
        p.legal_entity_id, p.payment_index, reimbursement.number_text(v_numbers, p.payment_index),
        p_transaction_ids[p.payment_index], p.vendor_account, case when p.invoices = 1 then p.invoice_numbers end,
        p.payable_account, p.currency, p.amount, p.exchange_rate, round(p.amount * p.exchange_rate, v_decimals),
        p.method_of_payment, p.is_transfer, p.bank_account, p.credited_account, p.creditor_name, p.creditor_iban,
        p.creditor_bic, p.creditor_country, p.creditor_address,
        case when p.invoices = 1 then format('%s %s', p.invoice_numbers, p.description) else p.invoice_numbers end
    from (
        select
            s.legal_entity_id, s.payment_index, s.vendor_account, s.currency, s.exchange_rate, s.method_of_payment,
            s.is_transfer, s.bank_account, s.credited_account, s.creditor_name, s.creditor_iban, s.creditor_bic,
            s.creditor_country, s.creditor_address, s.payable_account, count(*) as invoices, sum(s.amount) as amount,
            string_agg(s.invoice_number, ', ' order by s.due_date, s.invoice_number) as invoice_numbers,
            min(s.description) as description
        from pg_temp.selected_invoices as s
        where s.payment_index is not null
        group by
            s.legal_entity_id, s.payment_index, s.vendor_account, s.currency, s.exchange_rate, s.method_of_payment,
            s.is_transfer, s.bank_account, s.credited_account, s.creditor_name, s.creditor_iban, s.creditor_bic,
            s.creditor_country, s.creditor_address, s.payable_account
    ) as p;
    return v_numbers;
end
$$;

comment on function reimbursement.form_payments(text, bigint[]) is
'Forms the payments of the batch, and takes their numbers.';
