-- Since then: somebody else's IBAN was entered for a one-time vendor, a vendor is on hold, an invoice waits.
update reimbursement.vendors set iban = 'DE02100100100006820101'
where legal_entity_id = 'DEMF' and customer_account = 'DE-017';

update reimbursement.vendors set hold = 'payment'
where legal_entity_id = 'USMF' and vendor_account = 'US-OTV-1';

update reimbursement.vendor_invoices set held_until = current_date + 40
where legal_entity_id = 'USMF' and vendor_account = 'US-101' and amount = 99.95;

-- Everything due within 30 days is paid today: each invoice by a payment of its own, 10,000 in four batches.
select reimbursement.enqueue_vendor_payment(
    legal_entity_id => 'USMF', due_through => current_date + 30, description => 'American vendors'
);
select reimbursement.enqueue_vendor_payment(
    legal_entity_id => 'DEMF', due_through => current_date + 30, description => 'German vendors'
);
select reimbursement.enqueue_vendor_payment(
    legal_entity_id => 'GBSI', due_through => current_date + 30, batches => 4, description => 'British vendors'
);
