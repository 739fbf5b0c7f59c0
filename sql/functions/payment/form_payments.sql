-- Forms the payments of the batch, and takes their numbers. Whoever needs payment numbers of the same legal entity
-- waits from here on; so does a job that pays nothing, because it may be the last one and write the bank files.
--
-- The accounting amount is the payment's amount at the payment date's rate, rounded once.
-- Reads: selected_invoices, legal_entities. Writes: new_payments. Writes and locks: number_sequences.
-- Raises: 40001, to be tried again, when the number sequence is gone.
create or replace function reimbursement.form_payments(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_payments constant bigint := (
        select coalesce(max(s.payment_index), 0) from pg_temp.selected_invoices as s
    );
    v_accounting_currency constant text := (
        select le.accounting_currency from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
    v_numbers record;
begin
    perform from reimbursement.number_sequences as q
    where q.legal_entity_id = p_legal_entity_id and q.sequence = 'payment'
    for no key update;
    select n.format, n.first_number into v_numbers
    from reimbursement.take_numbers(p_legal_entity_id, jsonb_build_object('payment', v_payments)) as n;
    if not found and v_payments > 0 then
        raise exception using errcode = 'serialization_failure',
            message = 'the number sequence payment was deleted or renamed by somebody else meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;

    insert into pg_temp.new_payments (
        payment_index, payment_number, vendor_transaction_id, vendor_account, currency, amount,
        exchange_rate, accounting_amount, credited_account
    )
    select
        p.payment_index,
        reimbursement.format_number(v_numbers.format, v_numbers.first_number + p.payment_index - 1),
        nextval('reimbursement.vendor_transactions_vendor_transaction_id_seq'),
        p.vendor_account, p.currency, p.amount, p.exchange_rate,
        round(p.amount * p.exchange_rate, reimbursement.minor_unit(v_accounting_currency)), p.credited_account
    from (
        select
            s.payment_index, s.vendor_account, s.currency, s.exchange_rate, s.credited_account,
            sum(s.amount) as amount
        from pg_temp.selected_invoices as s
        where s.payment_index is not null
        group by s.payment_index, s.vendor_account, s.currency, s.exchange_rate, s.credited_account
        order by s.payment_index
    ) as p;
    analyze pg_temp.new_payments;
end
$$;

comment on function reimbursement.form_payments(text) is 'Forms the payments of the batch, and takes their numbers.';
