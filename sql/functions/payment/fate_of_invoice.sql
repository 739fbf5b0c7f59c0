-- What became of an invoice: paid, cancelled with its reimbursement, or open.
--
-- Reads: reversals. Writes and locks nothing.
create or replace function reimbursement.fate_of_invoice(p_invoice reimbursement.vendor_transactions) returns text
language sql stable
as $$
    select case
        when (p_invoice).settled_amount <> (p_invoice).amount then 'open'
        when exists (
            select from reimbursement.reversals as v
            where v.legal_entity_id = (p_invoice).legal_entity_id and v.reversed_voucher = (p_invoice).voucher
        ) then 'cancelled'
        else 'paid'
    end
$$;

comment on function reimbursement.fate_of_invoice(reimbursement.vendor_transactions) is
'What became of an invoice: paid, cancelled with its reimbursement, or open.';
