-- How a payment run with these choices would judge one open invoice, due or not, among those of its run.
--
-- The invoices that it is judged among are those that can change the judgement: with a maximum total all that are due;
-- with one payment a vendor those of its vendor; else none.
-- Returns: what a row of judge_invoices says; none for an invoice that is not open.
-- Reads: what judge_invoices reads. Writes and locks nothing.
create or replace function reimbursement.reasons_of_invoice(
    p_invoice reimbursement.vendor_transactions, p_choices reimbursement.vendor_payment_choices
) returns table (
    reasons text[], is_released boolean, is_transfer boolean, bank_account text, bank_currency text,
    exchange_rate numeric, payable_amount numeric, counted_amount numeric, run_total numeric
)
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off set enable_bitmapscan = off
as $$
declare
    v_choices reimbursement.vendor_payment_choices := p_choices;
    v_judged bigint[] := array[p_invoice.vendor_transaction_id];
begin
    if v_choices.maximum_total is null then
        v_choices.vendor_filter := format('"%s"', replace(p_invoice.vendor_account, '"', '""'));
    end if;
    if v_choices.maximum_total is not null or v_choices.pay_per = 'vendor' then
        v_judged := array(
            select f.vendor_transaction_id
            from reimbursement.find_invoices(p_invoice.legal_entity_id, v_choices) as f
            union
            select p_invoice.vendor_transaction_id
        );
    end if;
    return query
    select
        j.reasons, j.is_released, j.is_transfer, j.bank_account, j.bank_currency, j.exchange_rate, j.payable_amount,
        j.counted_amount, j.run_total
    from reimbursement.judge_invoices(p_invoice.legal_entity_id, v_choices, null, null, null, v_judged) as j
    where j.vendor_transaction_id = p_invoice.vendor_transaction_id;
end
$$;

comment on function reimbursement.reasons_of_invoice(
    reimbursement.vendor_transactions, reimbursement.vendor_payment_choices
) is 'How a payment run with these choices would judge one open invoice, due or not, among those of its run.';
