-- Triggers on the tables that users fill, and guards over what was posted. A transfer depends on none of them. Its rows
-- meet a WHEN below only where they settle a transaction a second time on one day, and are then left as they are.

create trigger legal_entities_get_empty_dimension_set after insert on reimbursement.legal_entities
for each row execute function reimbursement.add_empty_dimension_set();

create trigger legal_entities_keep_accounting_currency
before update of accounting_currency on reimbursement.legal_entities
for each row when (old.accounting_currency is distinct from new.accounting_currency)
execute function reimbursement.keep_accounting_currency();

create trigger exchange_rates_not_for_accounting_currency before insert or update on reimbursement.exchange_rates
for each row execute function reimbursement.refuse_accounting_currency_rate();

create trigger customer_transactions_fill before insert on reimbursement.customer_transactions
for each row when (new.run_id is null)
execute function reimbursement.fill_customer_transaction();

create trigger customer_transactions_check
before update of accounting_amount, settled_accounting_amount on reimbursement.customer_transactions
for each row when (new.last_settled_on is not distinct from old.last_settled_on)
execute function reimbursement.fill_customer_transaction();

create trigger customer_transactions_settle_in_proportion
before update of settled_amount on reimbursement.customer_transactions
for each row when (
    new.settled_amount is distinct from old.settled_amount
    and new.settled_accounting_amount is not distinct from old.settled_accounting_amount
    and new.last_settled_on is not distinct from old.last_settled_on
)
execute function reimbursement.settle_in_proportion();

create trigger customer_transactions_keep_settled
before update of legal_entity_id, customer_transaction_id, customer_account, transaction_type, voucher,
transaction_date, due_date, currency, amount, accounting_amount, receivable_account, dimension_set_id, run_id
on reimbursement.customer_transactions
for each row when (
    (
        old.legal_entity_id, old.customer_transaction_id, old.customer_account, old.transaction_type, old.voucher,
        old.transaction_date, old.due_date, old.currency, old.amount, old.accounting_amount,
        old.receivable_account, old.dimension_set_id, old.run_id
    ) is distinct from (
        new.legal_entity_id, new.customer_transaction_id, new.customer_account, new.transaction_type, new.voucher,
        new.transaction_date, new.due_date, new.currency, new.amount, new.accounting_amount,
        new.receivable_account, new.dimension_set_id, new.run_id
    )
)
execute function reimbursement.keep_settled_transaction();

create trigger customer_transactions_keep_settlements
before update of settled_amount, settled_accounting_amount, last_settled_on on reimbursement.customer_transactions
for each row when (
    abs(new.settled_amount) < abs(old.settled_amount)
    or abs(new.settled_accounting_amount) < abs(old.settled_accounting_amount)
    or (old.last_settled_on is not null and (new.last_settled_on >= old.last_settled_on) is not true)
)
execute function reimbursement.keep_settlements();

create trigger dimension_sets_keep before update of dimensions, dimension_set_id on reimbursement.dimension_sets
for each statement execute function reimbursement.keep_posted_rows();

create trigger settlements_keep before update or delete or truncate on reimbursement.settlements
for each statement execute function reimbursement.keep_posted_rows();

create trigger reimbursements_keep before update or delete or truncate on reimbursement.reimbursements
for each statement execute function reimbursement.keep_posted_rows();

create trigger ledger_entries_keep before update or delete or truncate on reimbursement.ledger_entries
for each statement execute function reimbursement.keep_posted_rows();

create trigger vendor_invoices_keep before delete or truncate or update of
legal_entity_id, invoice_number, vendor_account, invoice_date, due_date, currency, amount, accounting_amount,
description, run_id
on reimbursement.vendor_invoices
for each statement execute function reimbursement.keep_posted_rows();

create trigger vendor_transactions_keep before update or delete or truncate on reimbursement.vendor_transactions
for each statement execute function reimbursement.keep_posted_rows();

create trigger customer_skips_keep before update or delete or truncate on reimbursement.customer_skips
for each statement execute function reimbursement.keep_posted_rows();

create trigger run_requests_keep before update or delete or truncate on reimbursement.run_requests
for each statement execute function reimbursement.keep_posted_rows();
