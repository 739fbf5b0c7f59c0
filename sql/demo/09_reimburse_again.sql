-- The customer has a new account at the bank, and his one-time vendor takes it over. The same credit is reimbursed
-- again.
update reimbursement.customers set iban = 'DE02300209000106531065'
where legal_entity_id = 'DEMF' and customer_account = 'DE-010';

select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'DEMF', customer_filter => 'DE-010', description => 'The same credit once more'
);
