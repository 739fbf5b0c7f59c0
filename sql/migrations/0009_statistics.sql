-- No statistics on legal_entity_id.
--
-- A legal entity that was just loaded is unknown to statistics that know others: the planner would take it for a single
-- row, and loop over tables where it should hash them, for hours. Without statistics on the column every legal
-- entity is taken for the same small share of each table, which is good enough for all.

alter table reimbursement.exchange_rates alter column legal_entity_id set statistics 0;
alter table reimbursement.dimension_sets alter column legal_entity_id set statistics 0;
alter table reimbursement.customers alter column legal_entity_id set statistics 0;
alter table reimbursement.vendors alter column legal_entity_id set statistics 0;
alter table reimbursement.customer_transactions alter column legal_entity_id set statistics 0;
alter table reimbursement.settlements alter column legal_entity_id set statistics 0;
alter table reimbursement.reimbursements alter column legal_entity_id set statistics 0;
alter table reimbursement.vendor_invoices alter column legal_entity_id set statistics 0;
alter table reimbursement.vendor_transactions alter column legal_entity_id set statistics 0;
alter table reimbursement.ledger_entries alter column legal_entity_id set statistics 0;
alter table reimbursement.customer_skips alter column legal_entity_id set statistics 0;
