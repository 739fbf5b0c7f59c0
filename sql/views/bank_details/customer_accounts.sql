-- The customers, with their bank details masked for those who may not see them.
--
-- Whoever reads the books of a legal entity sees them here; IBAN and BIC in full with a duty that has to do with bank
-- details (bank_detail_duties), else masked. The table itself shows its rows to those duties alone. The owner's view:
-- it filters for itself, by who acts, once a statement.
create or replace view reimbursement.customer_accounts
with (security_barrier = true, security_invoker = false) as
select
    c.legal_entity_id,
    c.customer_account,
    c.name,
    c.vendor_account,
    c.customer_group,
    c.country,
    c.address,
    c.language,
    c.tax_number,
    case
        when c.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then c.iban
        else reimbursement.mask_bank_detail(c.iban)
    end as iban,
    case
        when c.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then c.bic
        else reimbursement.mask_bank_detail(c.bic)
    end as bic,
    c.on_hold_from,
    c.on_hold_to
from reimbursement.customers as c
where c.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.customer_accounts is
'The customers, as everybody sees them who reads the books of their legal entity; bank details masked (DE89…3000) without the duty to see them.';
