-- The United States: a reimbursement for each dimension set, dated yesterday.
select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'USMF',
    posting_date => current_date - 1,
    summarize_customer => false,
    idempotency_key => 'demo-usmf',
    description => 'Credits of the American customers, by dimensions'
);

-- Germany: what customers owe is settled first, the rest is reimbursed.
select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'DEMF',
    include_open_debits => true,
    net_open_debits => true,
    idempotency_key => 'demo-demf',
    description => 'Credits of the German customers, net of what they owe'
);

-- The United Kingdom: 20,000 customers in 8 batches.
select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'GBSI',
    customer_filter => 'GB-*, !GB-00013',
    batches => 8,
    idempotency_key => 'demo-gbsi',
    description => 'Credits of the British customers'
);
