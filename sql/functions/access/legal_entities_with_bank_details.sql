-- The legal entities whose bank details whoever acts may see in full (bank_detail_duties).
create or replace function reimbursement.legal_entities_with_bank_details() returns setof text
language sql stable parallel restricted
as $$
    select reimbursement.legal_entities_of(variadic reimbursement.bank_detail_duties())
$$;

comment on function reimbursement.legal_entities_with_bank_details() is
'The legal entities whose bank details whoever acts may see in full.';
