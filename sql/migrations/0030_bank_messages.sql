-- What the bank answers: messages that were imported, what each says of the payments, and the vouchers that follow.

alter table reimbursement.legal_entities add column bank_charges_account text collate "C" default '618160'
check (bank_charges_account <> '');
comment on column reimbursement.legal_entities.bank_charges_account is
'Where the charges are posted that a bank keeps of a payment which it returns.';

-- Legal entities that are there already get what set_up_legal_entity gives a new one.
insert into reimbursement.number_sequences (legal_entity_id, sequence, format)
select e.legal_entity_id, 'bank', 'BNK-########' from reimbursement.legal_entities as e
on conflict do nothing;
comment on table reimbursement.number_sequences is
'Numbers without gaps: reimbursement, vendor_invoice, one_time_vendor, settlement, payment, reversal, bank.';

alter table reimbursement.ledger_entries drop constraint ledger_entries_posting_type_is_known;
alter table reimbursement.ledger_entries add constraint ledger_entries_posting_type_is_known
check (posting_type in ('receivable', 'payable', 'bank', 'bank_charges', 'realized_gain', 'realized_loss'));
alter table reimbursement.ledger_entries drop constraint ledger_entries_gain_and_loss_have_no_amount;
alter table reimbursement.ledger_entries add constraint ledger_entries_gain_and_loss_have_no_amount
check (
    posting_type in ('receivable', 'payable', 'bank', 'bank_charges') or (amount = 0 and accounting_amount <> 0)
);

-- A message names the file that it answers.
create index payment_files_by_message on reimbursement.payment_files (message_id);
create index bank_accounts_by_iban on reimbursement.bank_accounts (upper(replace(iban, ' ', '')));

create table reimbursement.bank_imports (
    import_id bigint generated always as identity primary key,
    sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    message_type text not null,
    message_id text not null,
    message_date date not null,
    imported_by text not null,
    imported_by_id oid,
    imported_at timestamptz not null default clock_timestamp()
);
comment on table reimbursement.bank_imports is
'One row a message of a bank that was imported, known for ever by its bytes. Read the view bank_messages.';
comment on column reimbursement.bank_imports.sha256 is 'The digest of the message in UTF-8, in lower-case hexadecimal.';
comment on column reimbursement.bank_imports.message_date is 'The day on which the bank made it, as it writes it.';

create table reimbursement.bank_import_accounts (
    legal_entity_id text collate "C" not null,
    import_id bigint not null,
    bank_account text collate "C" not null,
    message_kind text not null,
    message_id text not null,
    entries integer not null check (entries >= 0),
    primary key (legal_entity_id, import_id, bank_account),
    constraint bank_import_accounts_message_once unique (legal_entity_id, bank_account, message_kind, message_id)
);
comment on table reimbursement.bank_import_accounts is
'The bank accounts that a message is about. The same identification for the same account is one message.';
comment on column reimbursement.bank_import_accounts.message_kind is 'pain.002, camt.053 or camt.054.';
comment on column reimbursement.bank_import_accounts.entries is
'How much the message says of the account, what is none of our payments included.';

create table reimbursement.bank_entries (
    legal_entity_id text collate "C" not null,
    import_id bigint not null,
    entry_number integer not null check (entry_number >= 1),
    entry text not null,
    bank_account text collate "C" not null,
    payment_number text collate "C",
    status text
        constraint bank_entries_status_is_known check (status in ('accepted', 'executed', 'rejected', 'returned')),
    is_news boolean not null,
    is_booked boolean not null,
    reason_code text,
    amount numeric,
    currency text,
    charges numeric not null default 0 check (charges >= 0),
    booking_date date,
    value_date date,
    payment_information text,
    end_to_end_id text,
    voucher text collate "C",
    reversal_run_id bigint,
    exception_number integer,
    problem text
        constraint bank_entries_problem_is_known check (problem in (
            'payment_not_found', 'payment_found_twice', 'account_differs', 'amount_is_no_number', 'amount_differs',
            'currency_differs', 'already_reversed', 'status_contradicts', 'not_booked', 'date_is_wrong',
            'credit_is_no_return', 'no_open_period'
        )),
    primary key (legal_entity_id, import_id, entry_number),
    constraint bank_entries_answer_or_are_exceptions check (
        (problem is null) = (exception_number is null)
        and (problem is not null or (payment_number is not null and status is not null))
        and (problem is null or (not is_news and not is_booked and voucher is null and reversal_run_id is null))
    ),
    constraint bank_entries_post_what_is_booked check (voucher is null or is_booked)
);
create index bank_entries_by_payment on reimbursement.bank_entries (legal_entity_id, payment_number, status)
where problem is null;
create index bank_entries_by_voucher on reimbursement.bank_entries (legal_entity_id, voucher) where voucher is not null;
create index bank_entries_exceptions on reimbursement.bank_entries (legal_entity_id, import_id, exception_number)
where problem is not null;
comment on table reimbursement.bank_entries is
'What a message says of a payment, or what a person has to look at. Rows are only ever added. Read the views bank_answers and bank_exceptions.';
comment on column reimbursement.bank_entries.entry is
'Where it stands in the message: group, batch 2, transaction 17 of a pain.002; entry 3, or entry 3/2 of a statement.';
comment on column reimbursement.bank_entries.is_news is 'Whether the payment''s status was another one before.';
comment on column reimbursement.bank_entries.is_booked is
'Whether it is the first that says the money moved on the account: then the ledger follows.';
comment on column reimbursement.bank_entries.charges is 'What the bank kept of what it returns.';
comment on column reimbursement.bank_entries.voucher is
'The ledger voucher of the movement; null where the bank account was credited at once, and no charges were kept.';
comment on column reimbursement.bank_entries.reversal_run_id is 'The run that reverses the payment for it.';

create table reimbursement.bank_exception_resolutions (
    legal_entity_id text collate "C" not null,
    import_id bigint not null,
    exception_number integer not null,
    resolved_by text not null,
    resolved_by_id oid,
    resolved_at timestamptz not null default clock_timestamp(),
    note text not null check (note <> ''),
    primary key (legal_entity_id, import_id, exception_number)
);
comment on table reimbursement.bank_exception_resolutions is
'Who looked at which exception, and what came of it. Rows are only ever added.';

create trigger bank_imports_keep before update or delete or truncate on reimbursement.bank_imports
for each statement execute function reimbursement.keep_posted_rows();
create trigger bank_import_accounts_keep before update or delete or truncate on reimbursement.bank_import_accounts
for each statement execute function reimbursement.keep_posted_rows();
create trigger bank_entries_keep before update or delete or truncate on reimbursement.bank_entries
for each statement execute function reimbursement.keep_posted_rows();
create trigger bank_exception_resolutions_keep before update or delete or truncate
on reimbursement.bank_exception_resolutions
for each statement execute function reimbursement.keep_posted_rows();

-- The message as a whole, while it is imported.
--   root        the tag of its document, with the namespaces that it declares
--   prefix      of its tags, with the colon; empty where they have none
--   skeleton    the message without its entries, of which a mark is left for each
create type reimbursement.bank_message as (
    message_type text,
    message_kind text,
    namespace text,
    message_id text,
    message_date date,
    root text,
    prefix text,
    skeleton xml
);
comment on type reimbursement.bank_message is 'A message of a bank that is being imported.';

-- One thing that a message says, as it says it: of all its payments, of a batch, or of one.
--   original_message, payment_information, end_to_end_id   which it is about
--   account_iban        the account that a statement or a notification is about, or from which was paid
--   status              null: one that changes nothing, or a credit that returns nothing
--   amount              what was booked, or instructed; original_amount: what a return was before charges
create type reimbursement.reported_entry as (
    "position" bigint,
    entry text,
    original_message text,
    payment_information text,
    end_to_end_id text,
    account_iban text,
    status text,
    is_movement boolean,
    reason_code text,
    amount_text text,
    amount numeric,
    original_amount numeric,
    currency text,
    charges numeric,
    booking_date date,
    value_date date,
    voucher_of text,
    problem text
);
comment on type reimbursement.reported_entry is 'One thing that a message of a bank says, as it says it.';

-- One thing that a message says of one payment of a legal entity, and what follows from it.
create type reimbursement.found_entry as (
    legal_entity_id text collate "C",
    bank_account text collate "C",
    payment_number text collate "C",
    is_whole boolean,
    batch_amount numeric,
    reported reimbursement.reported_entry
);
comment on type reimbursement.found_entry is 'One thing that a message of a bank says of one payment.';

-- What follows from one thing that a message says, for one payment of the legal entity.
--
--   comes_to                 the payment's amount and accounting amount
--   credited_account         by the payment: the bank's own or a bridging account; ledger_account: the bank's own
--   moves                    whether the bridging account and the bank's are posted to
--   posted_on, reversed_on   the dates of the movement's voucher and of the reversal that it causes; null: none
create type reimbursement.judged_entry as (
    "position" bigint,
    entry text,
    bank_account text collate "C",
    payment_number text collate "C",
    status text,
    is_news boolean,
    is_booked boolean,
    moves boolean,
    reason_code text,
    amount numeric,
    currency text,
    charges numeric,
    booking_date date,
    value_date date,
    payment_information text,
    end_to_end_id text,
    voucher_of text,
    comes_to numeric,
    comes_to_in_accounting numeric,
    credited_account text collate "C",
    ledger_account text collate "C",
    posted_on date,
    reversed_on date,
    problem text
);
comment on type reimbursement.judged_entry is 'What follows from one thing that a message of a bank says of one payment.';
