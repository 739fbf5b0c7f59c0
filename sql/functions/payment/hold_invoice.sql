-- Holds an invoice until a day, the first on which it may be paid: hold_invoice('USMF', 'INV-00000007', '2026-09-01',
-- 'the customer disputes it'). until null lifts the hold.
--
-- reason: why, kept with the invoice; the view reimbursement.changes has who held it and when.
-- Returns nothing. Writes: vendor_invoices. Locks: the invoice's vendor transaction.
-- Raises: 42501 the duty payer is missing; RB006; RB007 without a reason; RB030; RB063 there is no such invoice, or it
-- is paid or cancelled.
create or replace function reimbursement.hold_invoice(
    legal_entity_id text, invoice_number text, until date, reason text
) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
begin
    perform reimbursement.require_duty(hold_invoice.legal_entity_id, 'payer');
    if coalesce(hold_invoice.reason, '') !~ '\S' then
        raise exception using errcode = 'RB007',
            message = 'an invoice is held, or a hold lifted, for a reason, and none was given',
            hint = 'Say in reason why: it is kept with the invoice.';
    end if;
    perform reimbursement.lock_open_invoice(hold_invoice.legal_entity_id, hold_invoice.invoice_number, 'held');
    update reimbursement.vendor_invoices as i
    set held_until = hold_invoice.until, hold_reason = btrim(hold_invoice.reason)
    where i.legal_entity_id = hold_invoice.legal_entity_id and i.invoice_number = hold_invoice.invoice_number;
end
$$;

comment on function reimbursement.hold_invoice(text, text, date, text) is
'Holds an invoice until a day, the first on which it may be paid; null lifts the hold.';
