-- A payment run of which a part has failed and is kept no longer still has no bank file when the rest of it is done.
select plan(5);

select test.company(), test.bank_account();
select test.payee('ANN', 100), test.payee('BOB', 200);
select test.reimburse();
drop table reimbursement.jobs_2, reimbursement.job_errors_2;
delete from reimbursement.job_partitions where partition_number = 2;
select reimbursement.keep_jobs(interval '0', 4);
select setval('reimbursement.jobs_job_id_seq', 1999999);
create temporary table run as
select reimbursement.enqueue_vendor_payment('US01', '2025-07-15', batches => 2) as run_id;
create temporary table claimed as select * from reimbursement.claim_jobs('test', 2);
select reimbursement.fail_job(c.legal_entity_id, c.job_id, c.attempt, 'failed', 'XX000', 'broken')
from claimed as c where c.job_id = 2000000;

select reimbursement.forget_jobs() from generate_series(1, 1);
select matches((select f.outcome from reimbursement.forget_jobs() as f where f.partition_number = 1), '^dropped',
    'the part that failed is dropped');
select is((select r.state from reimbursement.runs as r inner join run as n on n.run_id = r.run_id), 'running', 'the run goes on');
select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from claimed as c where c.job_id = 2000001;
select is((select r.state || ' ' || r.error from reimbursement.runs as r inner join run as n on n.run_id = r.run_id),
    'failed broken (SQLSTATE XX000)', 'and has failed when the rest of it is done');
select is((select count(*) from reimbursement.payment_files), 0::bigint, 'without a bank file');
select is_empty('select * from reimbursement.check_books()', 'and the books are right');

select * from finish();
