-- The legal entities whose books whoever acts may read (reading_duties).
create or replace function reimbursement.legal_entities_with_books() returns setof text
language sql stable parallel restricted
as $$
    select reimbursement.legal_entities_of(variadic reimbursement.reading_duties())
$$;

comment on function reimbursement.legal_entities_with_books() is
'The legal entities whose books whoever acts may read.';
