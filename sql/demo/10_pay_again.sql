-- The new invoice is paid. The other came back from an account that its vendor still has: it waits for another one, or
-- for release_invoice().
select reimbursement.enqueue_vendor_payment(
    legal_entity_id => 'DEMF', due_through => current_date + 30, description => 'German vendors again'
);
