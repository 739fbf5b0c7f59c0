-- For one of the two the reimbursement itself is taken back: the invoice is cancelled, the credit is open again.
select reimbursement.enqueue_reversal(
    legal_entity_id => 'DEMF',
    reason => 'to be reimbursed to the new account',
    reimbursement_numbers => array_agg(r.reimbursement_number),
    description => 'A reimbursement taken back'
)
from reimbursement.reimbursement_report as r
where r.legal_entity_id = 'DEMF' and r.customer_account = 'DE-010';
