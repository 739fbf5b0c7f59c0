-- What lies in the work tables of a transfer. They are temporary tables of these types, which a session makes once and
-- keeps (open_work_tables), so that the plans of every step outlive the transaction and no system catalog grows.
-- legal_entity_id is in their rows because every look-up of a transfer is by a whole key that comes from them.

-- One job of a reimbursement run as a pass carries it out: its choices, its dates resolved, its filters parsed.
create type reimbursement.reimbursement_batch as (
    job_id bigint,
    run_id bigint,
    posting_date date,
    credits_through date,
    summarize_customer boolean,
    include_open_debits boolean,
    net_open_debits boolean,
    currency text,
    customers reimbursement.account_filter,
    customer_groups reimbursement.account_filter,
    account_after text,
    account_through text
);
comment on type reimbursement.reimbursement_batch is
'One job of a reimbursement run as it is carried out: dates resolved, filters parsed, bounds of the batch.';

-- A credit that was selected, or a debit that is settled against it (select_transactions).
--   row_version           where the row lies that was selected (its ctid): the update finds it there, or changed
--   reimbursement_index   which reimbursement of the pass clears the credit, from 1; null: none
--   line_index            which customer transaction of the pass clears it, from 1
create type reimbursement.selected_transaction as (
    legal_entity_id text collate "C",
    job_id bigint,
    run_id bigint,
    posting_date date,
    customer_account text collate "C",
    customer_transaction_id bigint,
    row_version tid,
    is_credit boolean,
    transaction_date date,
    currency text,
    receivable_account text collate "C",
    dimension_set_id bigint,
    group_receivable_account text collate "C",
    group_dimension_set_id bigint,
    amount numeric,
    accounting_amount numeric,
    settled_amount numeric,
    settled_accounting_amount numeric,
    last_settled_on date,
    "position" numeric,
    netted_amount numeric,
    reimbursed_amount numeric,
    reimbursed_accounting_amount numeric,
    exchange_rate numeric,
    vendor_account text collate "C",
    payment_terms_days integer,
    is_new_vendor boolean,
    is_vendor_to_write_back boolean,
    is_vendor_without_customer boolean,
    skip_reason text,
    credit_amount numeric,
    debit_amount numeric,
    reimbursement_index bigint,
    line_index bigint
);
comment on type reimbursement.selected_transaction is 'Work table: a transaction that a transfer settles, or a credit it skips.';

-- What a reimbursement clears on one receivable account and dimension set: one customer transaction. What belongs to
-- the reimbursement is in each of its lines, and what it owes in a dimension set in the first line of that set.
--   new_vendor_index      which new one-time vendor of the pass is paid, from 1; null: the customer has a vendor
--   cleared_accounting_amount   what the reimbursement clears in the dimension set, in accounting currency
create type reimbursement.reimbursement_line as (
    legal_entity_id text collate "C",
    job_id bigint,
    run_id bigint,
    posting_date date,
    customer_account text collate "C",
    vendor_account text collate "C",
    new_vendor_index bigint,
    is_first_of_customer boolean,
    is_vendor_to_write_back boolean,
    is_vendor_without_customer boolean,
    reimbursement_index bigint,
    is_first_of_reimbursement boolean,
    line_index bigint,
    due_date date,
    currency text,
    exchange_rate numeric,
    reimbursed_amount numeric,
    reimbursed_accounting_amount numeric,
    group_receivable_account text collate "C",
    group_dimension_set_id bigint,
    receivable_account text collate "C",
    dimension_set_id bigint,
    amount numeric,
    accounting_amount numeric,
    payable_amount numeric,
    payable_accounting_amount numeric,
    cleared_accounting_amount numeric
);
comment on type reimbursement.reimbursement_line is
'Work table: what a reimbursement clears on one receivable account and dimension set.';

-- A part of a debit that is settled against a part of a credit. voucher_index: which netting voucher of the pass posts
-- it, from 1; null: nothing has to move.
create type reimbursement.netting as (
    legal_entity_id text collate "C",
    run_id bigint,
    posting_date date,
    customer_account text collate "C",
    currency text,
    amount numeric,
    debit_transaction_id bigint,
    debit_accounting_amount numeric,
    debit_account text collate "C",
    debit_dimension_set_id bigint,
    credit_transaction_id bigint,
    credit_accounting_amount numeric,
    credit_account text collate "C",
    credit_dimension_set_id bigint,
    voucher_index bigint
);
comment on type reimbursement.netting is 'Work table: a part of a debit that is settled against a part of a credit.';

-- Numbers that were taken from a sequence without gaps: the first of them, and how they are written.
create type reimbursement.taken_numbers as (
    prefix text,
    digits integer,
    suffix text,
    first_number bigint
);
comment on type reimbursement.taken_numbers is 'Numbers taken from a sequence: the first, and how they are written.';

-- The numbers that a pass takes; null where it needs none of a sequence.
create type reimbursement.pass_numbers as (
    reimbursements reimbursement.taken_numbers,
    invoices reimbursement.taken_numbers,
    vendors reimbursement.taken_numbers,
    settlements reimbursement.taken_numbers
);
comment on type reimbursement.pass_numbers is 'The numbers that a pass takes, by sequence.';
