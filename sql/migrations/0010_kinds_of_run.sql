-- Any kind of run: a job counts what it processed and what it skipped, whatever that is, and its batch is a range of
-- accounts, of customers or of vendors as the kind has it.

alter table reimbursement.jobs rename column customer_after to batch_after;
alter table reimbursement.jobs rename column customer_through to batch_through;
alter table reimbursement.jobs rename column customers_reimbursed to processed;
alter table reimbursement.jobs rename column customers_skipped to skipped;
alter type reimbursement.job_result rename attribute customers_reimbursed to processed;
alter type reimbursement.job_result rename attribute customers_skipped to skipped;

comment on column reimbursement.jobs.batch_after is
'The batch has the accounts above this one, of customers or of vendors as its kind has it; null: from the first.';
comment on column reimbursement.jobs.batch_through is 'The batch has the accounts up to this one; null: to the last.';
comment on column reimbursement.jobs.processed is
'How many customers it reimbursed, payments it made, or documents it reversed.';
comment on column reimbursement.jobs.skipped is 'How many customers, invoices or reimbursements it left out, with a reason.';
