-- The bank accounts that are paid from, masked for those who may not see them.
--
-- Whoever reads the books of a legal entity sees them here; IBAN and BIC in full with a duty that has to do with bank
-- details (bank_detail_duties), else masked. The table itself shows its rows to those duties alone. The owner's view:
-- it filters for itself, by who acts, once a statement.
create or replace view reimbursement.paying_bank_accounts
with (security_barrier = true, security_invoker = false) as
select
    b.legal_entity_id,
    b.bank_account,
    b.name,
    b.currency,
    case
        when b.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then b.iban
        else reimbursement.mask_bank_detail(b.iban)
    end as iban,
    case
        when b.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details())) then b.bic
        else reimbursement.mask_bank_detail(b.bic)
    end as bic,
    b.ledger_account,
    b.bridging_account,
    b.is_default
from reimbursement.bank_accounts as b
where b.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.paying_bank_accounts is
'The bank accounts that a legal entity pays from, as everybody sees them who reads its books; masked without the duty to see bank details.';
