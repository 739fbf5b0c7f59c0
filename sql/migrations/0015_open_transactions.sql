-- What is open is found by what it is: open credits apart from open debits, invoices by their vendor, so that a run
-- reads what its filter names and what is open, not the company.

-- A filter compares folded accounts, byte by byte. So do the indexes that serve it.
drop index reimbursement.customer_transactions_open;
create index customer_transactions_open_credits on reimbursement.customer_transactions
(legal_entity_id, reimbursement.fold_account(customer_account), customer_account)
where amount < 0 and settled_amount <> amount;
create index customer_transactions_open_debits on reimbursement.customer_transactions
(legal_entity_id, customer_account)
where amount > 0 and settled_amount <> amount;

drop index reimbursement.vendor_transactions_open_invoices;
create index vendor_transactions_open_invoices on reimbursement.vendor_transactions
(legal_entity_id, reimbursement.fold_account(vendor_account), vendor_account)
where settled_amount <> amount and transaction_type = 'invoice';

-- An invoice is found by its number; what pays or cancels it, by its voucher.
drop index reimbursement.vendor_transactions_by_voucher;
create index vendor_transactions_by_voucher on reimbursement.vendor_transactions (legal_entity_id, voucher)
where transaction_type <> 'invoice';

-- A reimbursement's settlements are found by its debit. A netting's debit was there before, so its run finds it.
alter table reimbursement.settlements add column is_netting boolean not null default true;
comment on column reimbursement.settlements.is_netting is
'Whether it ties a debit that was there before; otherwise the debit is a reimbursement, or the settlement undoes one.';
alter table reimbursement.settlements disable trigger settlements_keep;
update reimbursement.settlements as s
set is_netting = false
from reimbursement.customer_transactions as d
where d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
    and d.run_id is not null;
alter table reimbursement.settlements enable trigger settlements_keep;
drop index reimbursement.settlements_by_run;
create index settlements_by_run on reimbursement.settlements (legal_entity_id, run_id)
where run_id is not null and is_netting;

-- A transfer ties a settlement to rows that it has just locked or written, before all of these have their numbers, so
-- that a foreign key checked twice a row would be known to hold and in the way. What stands in its place: a transaction
-- with settlements is neither deleted nor renumbered, a settlement outside of a run is checked as before, and
-- check_books compares all of them.
alter table reimbursement.settlements
drop constraint settlements_legal_entity_id_debit_transaction_id_fkey,
drop constraint settlements_legal_entity_id_credit_transaction_id_fkey;
create constraint trigger settlements_tie_transactions after insert on reimbursement.settlements
deferrable initially deferred for each row when (new.run_id is null)
execute function reimbursement.check_tied_transactions();
create trigger customer_transactions_keep_settled_rows before delete on reimbursement.customer_transactions
for each row execute function reimbursement.keep_settled_transaction();
create trigger customer_transactions_keep_all_rows before truncate on reimbursement.customer_transactions
for each statement execute function reimbursement.keep_settled_transactions();
