-- The vendors, with their bank details masked for those who may not see them.
--
-- Whoever reads the books of a legal entity sees them here; IBAN and BIC in full with a duty that has to do with bank
-- details (bank_detail_duties), else masked. The table itself shows its rows to those duties alone. The owner's view:
-- it filters for itself, by who acts, once a statement.
create or replace view reimbursement.vendor_accounts
with (security_barrier = true, security_invoker = false) as
select
    v.legal_entity_id,
    v.vendor_account,
    v.name,
    v.vendor_group,
    v.is_one_time,
    v.payment_terms_days,
    v.method_of_payment,
    case
        when v.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then v.iban
        else reimbursement.mask_bank_detail(v.iban)
    end as iban,
    case
        when v.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then v.bic
        else reimbursement.mask_bank_detail(v.bic)
    end as bic,
    v.hold,
    v.country,
    v.address,
    v.language,
    v.tax_number,
    v.customer_account,
    v.run_id,
    v.edited_by_hand
from reimbursement.vendors as v
where v.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.vendor_accounts is
'The vendors, as everybody sees them who reads the books of their legal entity; bank details masked (DE89…3000) without the duty to see them.';
