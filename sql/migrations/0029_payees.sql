-- Payees: what keeps money from the wrong one, what a person releases all the same, and payments that come back.

-- Settings of a legal entity: off, or without a limit, unless they are set.

alter table reimbursement.legal_entities
add column recheck_open_debits boolean not null default false,
add column shared_iban_maximum integer constraint legal_entities_shared_iban_maximum_is_a_number
check (shared_iban_maximum > 0),
add column maximum_payment numeric constraint legal_entities_maximum_payment_is_money
check ((maximum_payment > 0 and reimbursement.is_money(maximum_payment, accounting_currency)) is not false),
add column country text,
add column address jsonb check (jsonb_typeof(address) = 'object');
comment on column reimbursement.legal_entities.recheck_open_debits is
'Whether an invoice waits while its customer owes more than he did when he was reimbursed.';
comment on column reimbursement.legal_entities.shared_iban_maximum is
'How many vendors may have one IBAN and still be paid; no limit when null.';
comment on column reimbursement.legal_entities.maximum_payment is
'What one payment may come to, in accounting currency; no limit when null.';
comment on column reimbursement.legal_entities.address is
'street, building, postcode, town; with town and country it is in the bank files.';

alter table reimbursement.reimbursements add column open_debits numeric check (open_debits >= 0);
comment on column reimbursement.reimbursements.open_debits is
'What the customer owed when he was reimbursed, after what that run netted, in accounting currency; null where that was not kept.';

-- Vendors who share an IBAN, however it was typed.
create index vendors_by_iban on reimbursement.vendors (legal_entity_id, (reimbursement.plain_iban(iban) collate "C"))
where iban is not null;

-- What is known of a due invoice before it is judged (know_invoices).
--   invoice_of_payment    the invoice, where each has a payment of its own; null: the vendor's
--   plain_iban            the vendor's IBAN, as it is compared; is_own_account: it is one of the legal entity's own
--   is_customer_on_hold   the customer is, on the payment date or today
--   open_debits           what the customer owed when he was reimbursed
create type reimbursement.known_invoice as (
    is_ours boolean,
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
    transaction_date date,
    last_settled_on date,
    exchange_rate numeric,
    accounting_currency text,
    confirm_bank_details boolean,
    recheck_open_debits boolean,
    shared_iban_maximum integer,
    maximum_payment numeric,
    is_own_account boolean,
    held_until date,
    description text,
    customer_account text collate "C",
    open_debits numeric,
    is_customer_on_hold boolean,
    customer_iban text,
    vendor_hold text,
    method_of_payment text collate "C",
    is_transfer boolean,
    creditor_name text,
    creditor_iban text,
    creditor_bic text,
    creditor_country text,
    creditor_address jsonb,
    plain_iban text,
    bank_account text collate "C",
    bank_currency text,
    credited_account text collate "C"
);
comment on type reimbursement.known_invoice is 'What is known of a due invoice before it is judged.';

alter table reimbursement.invoice_skips drop constraint invoice_skips_reason_is_known;
alter table reimbursement.invoice_skips add constraint invoice_skips_reason_is_known check (skip_reason in (
    'vendor_on_hold', 'customer_on_hold', 'held_until', 'customer_owes', 'bank_details_missing', 'bank_details_differ',
    'bank_details_unconfirmed', 'own_account', 'returned_to_same_account', 'iban_shared', 'before_invoice',
    'later_activity', 'currency_not_payable', 'name_not_representable', 'amount_not_representable', 'no_exchange_rate',
    'over_single_maximum', 'over_maximum'
));

-- What a person lets be paid all the same, until it is paid.

create table reimbursement.invoice_releases (
    legal_entity_id text collate "C" not null,
    invoice_number text collate "C" not null,
    release integer not null check (release >= 1),
    payments integer not null check (payments >= 0),
    reason text not null check (reason <> ''),
    released_by text not null,
    released_by_id oid,
    released_at timestamptz not null default clock_timestamp(),
    primary key (legal_entity_id, invoice_number, release)
);
comment on table reimbursement.invoice_releases is
'Who let an invoice be paid though it was held for its payee or its amount, and why. Rows are only ever added, by release_invoice().';
comment on column reimbursement.invoice_releases.payments is
'How often it had been paid by then: the next payment uses the release up.';
create trigger invoice_releases_keep before update or delete or truncate on reimbursement.invoice_releases
for each statement execute function reimbursement.keep_posted_rows();
create trigger invoice_releases_log_inserts after insert on reimbursement.invoice_releases
referencing new table as new_rows
for each statement execute function reimbursement.log_inserts('invoice_number', 'release');

-- A hold has its reason.
alter table reimbursement.vendor_invoices add column hold_reason text;
comment on column reimbursement.vendor_invoices.hold_reason is 'Why it is held, as hold_invoice() was told.';
drop trigger vendor_invoices_log_holds on reimbursement.vendor_invoices;
create trigger vendor_invoices_log_holds after update of held_until, hold_reason on reimbursement.vendor_invoices
for each row when (
    old.held_until is distinct from new.held_until or old.hold_reason is distinct from new.hold_reason
)
execute function reimbursement.log_change('invoice_number');

-- Payments that came back, or were never sent.

alter table reimbursement.reversals
add column return_code text constraint reversals_return_code_is_one check (return_code ~ '^[A-Z0-9]{4}$'),
add column not_sent boolean not null default false,
add column is_rejection boolean not null default false,
add constraint reversals_come_back_or_were_not_sent check (return_code is null or not not_sent),
add constraint reversals_of_payments_alone_come_back
check (reversed_type = 'payment' or (return_code is null and not not_sent and not is_rejection));
comment on column reimbursement.reversals.return_code is
'Why the payment came back, as the bank says it: ISO 20022''s external code of four characters, AC04 for a closed account.';
comment on column reimbursement.reversals.not_sent is 'Whether the payment never went to the bank, as a person says.';
comment on column reimbursement.reversals.is_rejection is
'Whether the bank refused the payment before it made it; otherwise it came back.';

alter type reimbursement.trace_step add attribute note text;

-- A row of the preview of a payment reversal.
create type reimbursement.payment_reversal_preview as (
    payment_number text,
    vendor_account text,
    vendor_name text,
    currency text,
    amount numeric,
    accounting_amount numeric,
    bank_account text,
    invoice_numbers text [],
    skip_reason text
);
comment on type reimbursement.payment_reversal_preview is
'A payment that a reversal would take back, or that it would refuse, and why.';
