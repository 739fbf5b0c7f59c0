-- Both are paid again: the invoice whose payment came back, and the new one.
select reimbursement.enqueue_vendor_payment(
    legal_entity_id => 'DEMF', due_through => current_date + 30, description => 'German vendors again'
);
