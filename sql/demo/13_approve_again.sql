-- The IBAN is put right; what was entered, and by whom, is in the view changes. Taken up again, the run asks anew.
update reimbursement.vendors set iban = 'AT611904300234573201'
where legal_entity_id = 'DEMF' and customer_account = 'DE-016';

select reimbursement.retry_run(r.run_id)
from reimbursement.runs as r
where r.description = 'Credit of the dairy';

set role anna;
select reimbursement.approve_run(p.run_id, p.digest, 'with the right IBAN')
from reimbursement.pending_approvals as p
where p.legal_entity_id = 'DEMF';
reset role;
