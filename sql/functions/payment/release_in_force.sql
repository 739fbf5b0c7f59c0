-- The release of an invoice that is in force: its last one, where no payment has used it up since. No row: none is.
--
-- Reads: invoice_releases, vendor_settlements, each by a whole key. Writes and locks nothing.
create or replace function reimbursement.release_in_force(
    p_legal_entity_id text, p_invoice_number text, p_vendor_transaction_id bigint
) returns table (release int, reason text, released_by text, released_at timestamptz)
language sql stable
as $$
    select r.release, r.reason, r.released_by, r.released_at
    from (
        select x.release, x.reason, x.released_by, x.released_at, x.payments
        from reimbursement.invoice_releases as x
        where x.legal_entity_id = p_legal_entity_id
            and x.invoice_number between p_invoice_number and p_invoice_number
        order by x.invoice_number desc, x.release desc
        limit 1
    ) as r
    where r.payments = (
        select p.payments from reimbursement.payments_of_invoice(p_legal_entity_id, p_vendor_transaction_id) as p
    )
$$;

comment on function reimbursement.release_in_force(text, text, bigint) is
'The release of an invoice that is in force: its last one, where no payment has used it up since.';
