-- What a payment run with these choices would do now: a row per due invoice, with its payment or the reason for its
-- skip.
--
-- The accounting amount is at the payment date's rate. A payment of several invoices is rounded once, as a whole, and
-- its rows add up to it. Shares its selection with the transfer (select_invoices). Writes and locks nothing; works in a
-- read-only transaction. Raises: as enqueue_vendor_payment.
create or replace function reimbursement.preview_vendor_payment(
    legal_entity_id text,
    payment_date date default null,
    due_through date default null,
    vendor_filter text default null,
    currency text default null,
    method_of_payment text default null,
    bank_account text default null,
    pay_per text default 'invoice',
    minimum_payment_date date default null,
    maximum_total numeric default null
) returns setof reimbursement.vendor_payment_preview
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set jit = off set enable_seqscan = off
set enable_sort = off
set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_choices reimbursement.vendor_payment_choices;
begin
    perform reimbursement.require_duty(legal_entity_id, 'payer', 'approver');
    v_choices := reimbursement.resolve_payment_choices(
        legal_entity_id, payment_date, due_through, vendor_filter, currency, method_of_payment, bank_account, pay_per,
        minimum_payment_date, maximum_total);
    perform reimbursement.check_set_up(legal_entity_id, v_choices.payment_date, reimbursement.payment_sequences());
    perform reimbursement.check_bank_accounts(legal_entity_id, v_choices);
    return query
    select
        s.invoice_number, s.vendor_account, s.creditor_name, s.due_date, s.currency, s.amount, s.accounting_amount,
        s.bank_account, s.payment_index, s.skip_reason
    from reimbursement.select_invoices(preview_vendor_payment.legal_entity_id, v_choices) as s
    order by s.due_date, s.invoice_number;
end
$$;

comment on function reimbursement.preview_vendor_payment(
    text, date, date, text, text, text, text, text, date, numeric
) is 'What a payment run would do now, without writing: the invoices it would pay, and those it would skip.';
