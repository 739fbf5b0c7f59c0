-- How a payment run with these choices would judge one open invoice, due or not, among those of its run.
--
-- The invoices that it is judged among are those that can change the judgement: with a maximum total all that are due;
-- with one payment a vendor those of its vendor; else none.
-- Returns: a row of judge_invoices; none for an invoice that is not open, or that the method of payment leaves out.
-- Reads: what judge_invoices reads. Writes and locks nothing.
create or replace function reimbursement.reasons_of_invoice(
    p_invoice reimbursement.vendor_transactions, p_choices reimbursement.vendor_payment_choices
) returns table (
    invoice_number text, is_transfer boolean, creditor_name text, creditor_iban text, creditor_bic text,
    customer_iban text, customer_account text, open_debits numeric, held_until date, method_of_payment text,
    bank_account text, bank_currency text, vendor_hold text, exchange_rate numeric, transaction_date date,
    last_settled_on date, is_released boolean, payable_amount numeric, counted_amount numeric, adds numeric,
    run_total numeric, reasons text[]
)
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off set enable_bitmapscan = off
as $$
declare
    v_choices reimbursement.vendor_payment_choices := p_choices;
    v_named bigint[] := array[p_invoice.vendor_transaction_id];
begin
    v_choices.vendor_filter := null;
    v_choices.currency := null;
    if v_choices.maximum_total is null then
        v_choices.vendor_filter := format('"%s"', replace(p_invoice.vendor_account, '"', '""'));
    end if;
    if v_choices.maximum_total is not null or v_choices.pay_per = 'vendor' then
        v_named := array(
            select f.vendor_transaction_id
            from reimbursement.find_invoices(p_invoice.legal_entity_id, v_choices) as f
            union
            select p_invoice.vendor_transaction_id
        );
    end if;
    return query
    select
        j.invoice_number, j.is_transfer, j.creditor_name, j.creditor_iban, j.creditor_bic, j.customer_iban,
        j.customer_account, j.open_debits, j.held_until, j.method_of_payment, j.bank_account, j.bank_currency,
        j.vendor_hold, j.exchange_rate, j.transaction_date, j.last_settled_on, j.is_released, j.payable_amount,
        j.counted_amount, j.adds, j.run_total, j.reasons
    from reimbursement.judge_invoices(p_invoice.legal_entity_id, v_choices, null, null, null, v_named) as j
    where j.vendor_transaction_id = p_invoice.vendor_transaction_id;
end
$$;

comment on function reimbursement.reasons_of_invoice(
    reimbursement.vendor_transactions, reimbursement.vendor_payment_choices
) is 'How a payment run with these choices would judge one open invoice, due or not, among those of its run.';
