-- References, guards and statistics of payments and reversals, as 0007 to 0009 have them for reimbursements.

alter table reimbursement.bank_accounts add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.payments add foreign key (legal_entity_id, vendor_account) references reimbursement.vendors;
alter table reimbursement.payments
add foreign key (legal_entity_id, bank_account) references reimbursement.bank_accounts;

create trigger bank_accounts_first_is_default before insert on reimbursement.bank_accounts
for each row when (new.is_default is null)
execute function reimbursement.fill_bank_account();

-- What a user enters is checked. A run copies what the customer has, and a payment checks it once more.
create trigger bank_accounts_have_bank_details before insert or update of iban, bic on reimbursement.bank_accounts
for each row when (reimbursement.is_iban(new.iban) is not true or not reimbursement.is_bic(new.bic))
execute function reimbursement.refuse_bank_details();

create trigger customers_have_bank_details before insert or update of iban, bic on reimbursement.customers
for each row when (not reimbursement.is_iban(new.iban) or not reimbursement.is_bic(new.bic))
execute function reimbursement.refuse_bank_details();

create trigger vendors_have_bank_details before insert on reimbursement.vendors
for each row when (
    new.run_id is null and (not reimbursement.is_iban(new.iban) or not reimbursement.is_bic(new.bic))
)
execute function reimbursement.refuse_bank_details();

create trigger vendors_keep_bank_details before update of iban, bic on reimbursement.vendors
for each row when (not reimbursement.is_iban(new.iban) or not reimbursement.is_bic(new.bic))
execute function reimbursement.refuse_bank_details();

-- A bank account that has paid keeps its currency.
create trigger bank_accounts_keep_currency before update of currency on reimbursement.bank_accounts
for each row when (old.currency is distinct from new.currency)
execute function reimbursement.keep_bank_account_currency();

-- A run that settles or reopens a transaction says so in last_run_id: these are for what users change.
drop trigger customer_transactions_check on reimbursement.customer_transactions;
create trigger customer_transactions_check
before update of accounting_amount, settled_accounting_amount on reimbursement.customer_transactions
for each row when (
    new.last_settled_on is not distinct from old.last_settled_on
    and new.last_run_id is not distinct from old.last_run_id
)
execute function reimbursement.fill_customer_transaction();

drop trigger customer_transactions_settle_in_proportion on reimbursement.customer_transactions;
create trigger customer_transactions_settle_in_proportion
before update of settled_amount on reimbursement.customer_transactions
for each row when (
    new.settled_amount is distinct from old.settled_amount
    and new.settled_accounting_amount is not distinct from old.settled_accounting_amount
    and new.last_settled_on is not distinct from old.last_settled_on
    and new.last_run_id is not distinct from old.last_run_id
)
execute function reimbursement.settle_in_proportion();

create trigger payments_keep before update or delete or truncate on reimbursement.payments
for each statement execute function reimbursement.keep_posted_rows();

create trigger vendor_settlements_keep before update or delete or truncate on reimbursement.vendor_settlements
for each statement execute function reimbursement.keep_posted_rows();

create trigger payment_files_keep before update or delete or truncate on reimbursement.payment_files
for each statement execute function reimbursement.keep_posted_rows();

create trigger payment_file_changes_keep before update or delete or truncate on reimbursement.payment_file_changes
for each statement execute function reimbursement.keep_posted_rows();

create trigger invoice_skips_keep before update or delete or truncate on reimbursement.invoice_skips
for each statement execute function reimbursement.keep_posted_rows();

create trigger reversals_keep before update or delete or truncate on reimbursement.reversals
for each statement execute function reimbursement.keep_posted_rows();

create trigger reimbursement_skips_keep before update or delete or truncate on reimbursement.reimbursement_skips
for each statement execute function reimbursement.keep_posted_rows();

-- A vendor transaction is settled by vendor settlements, and by nothing else; the rest of it stays.
drop trigger vendor_transactions_keep on reimbursement.vendor_transactions;
create trigger vendor_transactions_keep before delete or truncate or update of
legal_entity_id, vendor_transaction_id, vendor_account, transaction_type, voucher, invoice_number, transaction_date,
due_date, payable_account, currency, amount, accounting_amount, run_id
on reimbursement.vendor_transactions
for each statement execute function reimbursement.keep_posted_rows();
create trigger vendor_transactions_keep_settlements after update on reimbursement.vendor_transactions
referencing new table as changed_transactions
for each statement execute function reimbursement.keep_vendor_settlements();

alter table reimbursement.payments alter column legal_entity_id set statistics 0;
alter table reimbursement.vendor_settlements alter column legal_entity_id set statistics 0;
alter table reimbursement.invoice_skips alter column legal_entity_id set statistics 0;
alter table reimbursement.reversals alter column legal_entity_id set statistics 0;
alter table reimbursement.reimbursement_skips alter column legal_entity_id set statistics 0;
