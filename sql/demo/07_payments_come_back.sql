-- Two payments come back from the bank: their entries are reversed, and the invoices are open again.
select reimbursement.enqueue_payment_reversal(
    legal_entity_id => 'DEMF',
    reason => 'came back: account closed',
    payment_numbers => array_agg(r.payment_number),
    return_code => 'AC04',
    description => 'Payments that came back'
)
from reimbursement.reimbursement_report as r
where r.legal_entity_id = 'DEMF' and r.customer_account in ('DE-010', 'DE-013');
