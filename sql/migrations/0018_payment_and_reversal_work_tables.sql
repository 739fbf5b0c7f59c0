-- What lies in the work tables of a payment, of its bank files and of a reversal, as 0016 has it for a reimbursement.

-- A due invoice that was selected. payment_index: which payment of the batch pays it, from 1; null: none.
create type reimbursement.selected_invoice as (
    legal_entity_id text collate "C",
    vendor_transaction_id bigint,
    invoice_number text collate "C",
    voucher text collate "C",
    vendor_account text collate "C",
    invoice_of_payment text collate "C",
    due_date date,
    payable_account text collate "C",
    currency text,
    amount numeric,
    invoice_accounting_amount numeric,
    exchange_rate numeric,
    accounting_amount numeric,
    method_of_payment text collate "C",
    is_transfer boolean,
    bank_account text collate "C",
    credited_account text collate "C",
    creditor_name text,
    creditor_iban text,
    creditor_bic text,
    creditor_country text,
    creditor_address jsonb,
    description text,
    skip_reason text,
    payment_index bigint
);
comment on type reimbursement.selected_invoice is 'Work table: a due invoice that a payment run pays or skips.';

-- A payment of the batch, as it is instructed, and what it owes to its invoices.
--   vendor_transaction_id   of its own transaction
--   invoice_number          the invoice that it pays; null: several
create type reimbursement.new_payment as (
    legal_entity_id text collate "C",
    payment_index bigint,
    payment_number text collate "C",
    vendor_transaction_id bigint,
    vendor_account text collate "C",
    invoice_number text collate "C",
    payable_account text collate "C",
    currency text,
    amount numeric,
    exchange_rate numeric,
    accounting_amount numeric,
    method_of_payment text collate "C",
    is_transfer boolean,
    bank_account text collate "C",
    credited_account text collate "C",
    creditor_name text,
    creditor_iban text,
    creditor_bic text,
    creditor_country text,
    creditor_address jsonb,
    remittance text
);
comment on type reimbursement.new_payment is 'Work table: a payment that a payment run makes.';

-- What the bank files say of a payment. batch: its block of the message, from 1.
create type reimbursement.transfer as (
    bank_account text collate "C",
    payment_number text collate "C",
    batch bigint,
    is_sepa boolean,
    execution_date date,
    end_to_end_id text,
    currency text,
    amount numeric,
    creditor_name text,
    creditor_iban text,
    creditor_bic text,
    street text,
    building text,
    postcode text,
    town text,
    country text,
    remittance text
);
comment on type reimbursement.transfer is 'Work table: what the bank files say of a payment.';

-- A message for each bank account that pays.
create type reimbursement.transfer_message as (
    bank_account text collate "C",
    message_id text,
    created_at timestamptz,
    debtor_name text,
    debtor_iban text,
    debtor_bic text,
    currency text,
    payments bigint,
    control_sum numeric
);
comment on type reimbursement.transfer_message is 'Work table: the message to the bank of one bank account that pays.';

-- A reimbursement or a payment. It is reversed under a voucher of its own, unless it has a skip_reason. run_id: the run
-- that made it.
create type reimbursement.reversed_document as (
    legal_entity_id text collate "C",
    reversed_type text,
    reversed_voucher text collate "C",
    run_id bigint,
    account text collate "C",
    vendor_transaction_id bigint,
    accounting_amount numeric,
    latest_date date,
    skip_reason text
);
comment on type reimbursement.reversed_document is 'Work table: a reimbursement or a payment that is reversed or left.';

-- A settlement on the customer's side. reversed_voucher: the reimbursement it belongs to, or the netting's voucher;
-- null where the netting had nothing to move.
create type reimbursement.undone_settlement as (
    legal_entity_id text collate "C",
    settlement_id bigint,
    is_netting boolean,
    reversed_voucher text collate "C",
    debit_transaction_id bigint,
    credit_transaction_id bigint,
    currency text,
    amount numeric,
    debit_accounting_amount numeric,
    credit_accounting_amount numeric
);
comment on type reimbursement.undone_settlement is 'Work table: a customer''s settlement that a reversal undoes.';

-- The voucher that each reversed voucher is reversed by. run_id and vendor_transaction_id are those of the document
-- that is reversed; null for a netting.
create type reimbursement.new_reversal as (
    legal_entity_id text collate "C",
    voucher text collate "C",
    reversed_type text,
    reversed_voucher text collate "C",
    run_id bigint,
    vendor_transaction_id bigint
);
comment on type reimbursement.new_reversal is 'Work table: the voucher that reverses another.';
