-- References, apart from the tables: on a distributed PostgreSQL they are declared after distribution.
-- They stand where the row referred to is the user's, who might delete it. What one transfer writes together, and
-- what nobody may delete (migration 0008), needs none: check_books compares it.

alter table reimbursement.ledger_periods add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.exchange_rates add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.number_sequences add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.methods_of_payment add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.dimension_sets add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.customers add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.vendors add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.vendors
add foreign key (legal_entity_id, customer_account) references reimbursement.customers;
alter table reimbursement.customer_transactions
add foreign key (legal_entity_id, customer_account) references reimbursement.customers;
alter table reimbursement.customer_transactions
add foreign key (legal_entity_id, dimension_set_id) references reimbursement.dimension_sets;
alter table reimbursement.settlements
add foreign key (legal_entity_id, debit_transaction_id) references reimbursement.customer_transactions;
alter table reimbursement.settlements
add foreign key (legal_entity_id, credit_transaction_id) references reimbursement.customer_transactions;
alter table reimbursement.vendor_invoices
add foreign key (legal_entity_id, vendor_account) references reimbursement.vendors;
alter table reimbursement.run_requests add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.run_requests add foreign key (kind) references reimbursement.run_kinds;
alter table reimbursement.jobs
add foreign key (legal_entity_id, run_id) references reimbursement.run_requests;
alter table reimbursement.job_errors
add foreign key (legal_entity_id, job_id) references reimbursement.jobs;
