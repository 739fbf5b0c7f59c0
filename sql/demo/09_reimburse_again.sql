-- The customer and its one-time vendor have a new account at the bank. The same credit is reimbursed again.
update reimbursement.customers set iban = 'DE02300209000106531065'
where legal_entity_id = 'DEMF' and customer_account = 'DE-010';
update reimbursement.vendors set iban = 'DE02300209000106531065'
where legal_entity_id = 'DEMF' and customer_account = 'DE-010';

select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'DEMF', customer_filter => 'DE-010', description => 'The same credit once more'
);
