-- The vendors of a legal entity who have an IBAN, as plain_iban writes it, however it was typed: at most so many.
--
-- The collation is said, for it would be that of the caller's arguments, and the index has its own.
-- Reads: vendors, by their IBANs. Writes and locks nothing.
create or replace function reimbursement.vendors_with_iban(p_legal_entity_id text, p_plain_iban text, p_most bigint)
returns table (vendor_account text)
language sql stable
as $$
    select x.vendor_account
    from reimbursement.vendors as x
    where x.legal_entity_id = p_legal_entity_id and x.iban is not null
        and reimbursement.plain_iban(x.iban) collate "C" between p_plain_iban and p_plain_iban
    order by reimbursement.plain_iban(x.iban) collate "C"
    limit p_most
$$;

comment on function reimbursement.vendors_with_iban(text, text, bigint) is
'The vendors of a legal entity who have an IBAN, however it was typed: at most so many.';
