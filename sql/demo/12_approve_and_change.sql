-- Anna approves what she sees. Then, before a worker takes the run, somebody enters another IBAN.
set role anna;
select reimbursement.approve_run(p.run_id, p.digest, 'as agreed')
from reimbursement.pending_approvals as p
where p.legal_entity_id = 'DEMF';
reset role;

update reimbursement.vendors set iban = 'DE75512108001245126199'
where legal_entity_id = 'DEMF' and customer_account = 'DE-016';
