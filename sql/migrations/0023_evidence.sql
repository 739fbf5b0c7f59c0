-- Evidence: what people changed of what they fill.

create table reimbursement.change_log (
    legal_entity_id text collate "C",
    change_id bigint not null generated always as identity,
    table_name text collate "C" not null,
    key jsonb not null,
    old_values jsonb,
    new_values jsonb,
    changed_by text not null,
    changed_by_id oid,
    changed_at timestamptz not null default clock_timestamp(),
    transaction_id bigint not null,
    concerned_vendor text collate "C",
    concerned_customer text collate "C"
);
create unique index change_log_by_number on reimbursement.change_log (legal_entity_id, change_id) nulls not distinct;
create index change_log_by_key on reimbursement.change_log (legal_entity_id, table_name, key);
create index change_log_by_vendor on reimbursement.change_log (legal_entity_id, concerned_vendor, change_id)
where concerned_vendor is not null;
create index change_log_by_customer on reimbursement.change_log (legal_entity_id, concerned_customer, change_id)
where concerned_customer is not null;
comment on table reimbursement.change_log is
'What people inserted, changed and deleted of what they fill, a row a row of theirs. Rows are only ever added. Read the view changes.';
comment on column reimbursement.change_log.legal_entity_id is 'Null for a duty in all legal entities.';
comment on column reimbursement.change_log.old_values is 'What was changed, as it was before; null for an insert.';
comment on column reimbursement.change_log.new_values is 'What was changed, as it is now; null for a deletion.';
comment on column reimbursement.change_log.changed_by is 'Who acted (acting_role).';
comment on column reimbursement.change_log.concerned_vendor is
'The vendor who is paid to another account, or under another name, for this: it was inserted with bank details, they or the name were changed, or a customer was newly pointed to it.';
comment on column reimbursement.change_log.concerned_customer is
'The customer whose one-time vendor takes over what was inserted or changed: bank details or the name.';

-- Nobody writes it but the triggers below, and nobody changes it: the owner neither, nor a session that acts as a
-- replica.
create trigger change_log_keep before update or delete or truncate on reimbursement.change_log
for each statement execute function reimbursement.keep_posted_rows();
alter table reimbursement.change_log enable always trigger change_log_keep;
create trigger change_log_is_written_by_triggers before insert on reimbursement.change_log
for each statement execute function reimbursement.refuse_written_log();
alter table reimbursement.change_log enable always trigger change_log_is_written_by_triggers;

-- What a transfer writes has its run, which it names here: then it is no change of a person's.
alter table reimbursement.customers add column last_run_id bigint;
comment on column reimbursement.customers.last_run_id is
'The latest run that wrote its vendor account; null where none did.';
alter table reimbursement.vendors add column last_run_id bigint;
comment on column reimbursement.vendors.last_run_id is 'The latest run that changed it; null where none did.';
alter table reimbursement.number_sequences add column numbers_taken bigint not null default 0;
comment on column reimbursement.number_sequences.numbers_taken is
'How many numbers were ever taken: where next_number changes by anything else, a person did it.';

create trigger legal_entities_log_inserts after insert on reimbursement.legal_entities
referencing new table as new_rows for each statement execute function reimbursement.log_inserts();
create trigger legal_entities_log_changes after update on reimbursement.legal_entities
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change();
create trigger legal_entities_log_deletions after delete on reimbursement.legal_entities
for each row execute function reimbursement.log_change();

create trigger ledger_periods_log_inserts after insert on reimbursement.ledger_periods
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('starts_on');
create trigger ledger_periods_log_changes after update on reimbursement.ledger_periods
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('starts_on');
create trigger ledger_periods_log_deletions after delete on reimbursement.ledger_periods
for each row execute function reimbursement.log_change('starts_on');

create trigger exchange_rates_log_inserts after insert on reimbursement.exchange_rates
referencing new table as new_rows
for each statement execute function reimbursement.log_inserts('currency', 'valid_from');
create trigger exchange_rates_log_changes after update on reimbursement.exchange_rates
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('currency', 'valid_from');
create trigger exchange_rates_log_deletions after delete on reimbursement.exchange_rates
for each row execute function reimbursement.log_change('currency', 'valid_from');

create trigger number_sequences_log_inserts after insert on reimbursement.number_sequences
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('sequence');
create trigger number_sequences_log_changes
after update of legal_entity_id, sequence, format on reimbursement.number_sequences
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('sequence');
create trigger number_sequences_log_numbers after update of next_number on reimbursement.number_sequences
for each row when (
    new.next_number - old.next_number <> new.numbers_taken - old.numbers_taken and new.format = old.format
)
execute function reimbursement.log_change('sequence');
create trigger number_sequences_log_deletions after delete on reimbursement.number_sequences
for each row execute function reimbursement.log_change('sequence');

create trigger methods_of_payment_log_inserts after insert on reimbursement.methods_of_payment
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('method_of_payment');
create trigger methods_of_payment_log_changes after update on reimbursement.methods_of_payment
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('method_of_payment');
create trigger methods_of_payment_log_deletions after delete on reimbursement.methods_of_payment
for each row execute function reimbursement.log_change('method_of_payment');

create trigger bank_accounts_log_inserts after insert on reimbursement.bank_accounts
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('bank_account');
create trigger bank_accounts_log_changes after update on reimbursement.bank_accounts
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('bank_account');
create trigger bank_accounts_log_deletions after delete on reimbursement.bank_accounts
for each row execute function reimbursement.log_change('bank_account');

create trigger customers_log_inserts after insert on reimbursement.customers
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('customer_account');
create trigger customers_log_changes after update on reimbursement.customers
for each row when (new.last_run_id is not distinct from old.last_run_id and old.* is distinct from new.*)
execute function reimbursement.log_change('customer_account');
create trigger customers_log_deletions after delete on reimbursement.customers
for each row execute function reimbursement.log_change('customer_account');

create trigger vendors_log_inserts after insert on reimbursement.vendors
for each row when (new.run_id is null) execute function reimbursement.log_change('vendor_account');
create trigger vendors_log_changes after update on reimbursement.vendors
for each row when (new.last_run_id is not distinct from old.last_run_id and old.* is distinct from new.*)
execute function reimbursement.log_change('vendor_account');
create trigger vendors_log_deletions after delete on reimbursement.vendors
for each row execute function reimbursement.log_change('vendor_account');

create trigger vendor_invoices_log_holds after update of held_until on reimbursement.vendor_invoices
for each row when (old.held_until is distinct from new.held_until)
execute function reimbursement.log_change('invoice_number');

create trigger approval_rules_log_inserts after insert on reimbursement.approval_rules
referencing new table as new_rows
for each statement execute function reimbursement.log_inserts('kind', 'from_amount');
create trigger approval_rules_log_changes after update on reimbursement.approval_rules
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('kind', 'from_amount');
create trigger approval_rules_log_deletions after delete on reimbursement.approval_rules
for each row execute function reimbursement.log_change('kind', 'from_amount');

create trigger duty_grants_log_inserts after insert on reimbursement.duty_grants
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('role_id', 'duty');
create trigger duty_grants_log_changes after update on reimbursement.duty_grants
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('role_id', 'duty');
create trigger duty_grants_log_deletions after delete on reimbursement.duty_grants
for each row execute function reimbursement.log_change('role_id', 'duty');

-- A whole table is not emptied at once: nothing of it would be written down.
create trigger legal_entities_keep_log before truncate on reimbursement.legal_entities
for each statement execute function reimbursement.refuse_truncation();
create trigger ledger_periods_keep_log before truncate on reimbursement.ledger_periods
for each statement execute function reimbursement.refuse_truncation();
create trigger exchange_rates_keep_log before truncate on reimbursement.exchange_rates
for each statement execute function reimbursement.refuse_truncation();
create trigger number_sequences_keep_log before truncate on reimbursement.number_sequences
for each statement execute function reimbursement.refuse_truncation();
create trigger methods_of_payment_keep_log before truncate on reimbursement.methods_of_payment
for each statement execute function reimbursement.refuse_truncation();
create trigger bank_accounts_keep_log before truncate on reimbursement.bank_accounts
for each statement execute function reimbursement.refuse_truncation();
create trigger customers_keep_log before truncate on reimbursement.customers
for each statement execute function reimbursement.refuse_truncation();
create trigger vendors_keep_log before truncate on reimbursement.vendors
for each statement execute function reimbursement.refuse_truncation();
create trigger approval_rules_keep_log before truncate on reimbursement.approval_rules
for each statement execute function reimbursement.refuse_truncation();
create trigger duty_grants_keep_log before truncate on reimbursement.duty_grants
for each statement execute function reimbursement.refuse_truncation();

-- Bank details that somebody else has confirmed.

alter table reimbursement.legal_entities add column confirm_bank_details boolean not null default false;
comment on column reimbursement.legal_entities.confirm_bank_details is
'Whether a vendor whose bank details or name a person changed is paid only when another person has confirmed them.';

create table reimbursement.bank_detail_confirmations (
    legal_entity_id text collate "C" not null,
    vendor_account text collate "C" not null,
    change_id bigint not null,
    confirmed_by text not null,
    confirmed_by_id oid,
    confirmed_at timestamptz not null default clock_timestamp(),
    primary key (legal_entity_id, vendor_account, change_id)
);
comment on table reimbursement.bank_detail_confirmations is
'Who confirmed which change of a vendor''s bank details (change_log). Rows are only ever added, by confirm_bank_details().';
create trigger bank_detail_confirmations_keep before update or delete or truncate
on reimbursement.bank_detail_confirmations for each statement execute function reimbursement.keep_posted_rows();

alter table reimbursement.invoice_skips drop constraint invoice_skips_reason_is_known;
alter table reimbursement.invoice_skips add constraint invoice_skips_reason_is_known check (skip_reason in (
    'vendor_on_hold', 'held_until', 'bank_details_missing', 'bank_details_differ', 'bank_details_unconfirmed',
    'before_invoice', 'later_activity', 'currency_not_payable', 'name_not_representable', 'no_exchange_rate',
    'amount_not_representable', 'over_maximum'
));

-- Bank files: who took which, and those that were written anew.

alter table reimbursement.payment_files add column file_version integer not null default 1 check (file_version >= 1);
comment on column reimbursement.payment_files.file_version is
'1, and one more each time that the file was written anew, without what was reversed; the last one counts.';
alter table reimbursement.payment_files drop constraint payment_files_pkey;
create unique index payment_files_by_version
on reimbursement.payment_files (legal_entity_id, run_id, format, bank_account, file_version);
alter table reimbursement.payment_files
add constraint payment_files_pkey primary key using index payment_files_by_version;

create table reimbursement.payment_file_rewrites (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    bank_account text collate "C" not null,
    file_version integer not null check (file_version >= 2),
    left_out text [] not null,
    rewritten_by text not null,
    rewritten_by_id oid,
    rewritten_at timestamptz not null default clock_timestamp(),
    reason text not null check (reason <> ''),
    primary key (legal_entity_id, run_id, bank_account, file_version)
);
comment on table reimbursement.payment_file_rewrites is
'Who had the bank files of a run and bank account written anew, and why. Rows are only ever added.';
comment on column reimbursement.payment_file_rewrites.left_out is 'The payments of the run that had been reversed.';
create trigger payment_file_rewrites_keep before update or delete or truncate on reimbursement.payment_file_rewrites
for each statement execute function reimbursement.keep_posted_rows();

create table reimbursement.payment_file_takings (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    bank_account text collate "C" not null,
    taking integer not null check (taking >= 1),
    file_version integer not null,
    format text collate "C" not null,
    released_by text not null,
    released_by_id oid,
    released_at timestamptz not null default clock_timestamp(),
    reason text,
    primary key (legal_entity_id, run_id, bank_account, taking)
);
comment on table reimbursement.payment_file_takings is
'Who took which bank file, when, and why again. Rows are only ever added. Read the view payment_file_releases.';
create trigger payment_file_takings_keep before update or delete or truncate on reimbursement.payment_file_takings
for each statement execute function reimbursement.keep_posted_rows();

-- Guards over the queue: a job is moved as the queue moves it, and stays what it was asked to be.

create trigger job_errors_keep before update or delete or truncate on reimbursement.job_errors
for each statement execute function reimbursement.keep_posted_rows();

create trigger jobs_keep_rows before delete or truncate on reimbursement.jobs
for each statement execute function reimbursement.keep_posted_rows();

create trigger jobs_begin_as_they_do after insert on reimbursement.jobs
for each row when (
    new.state not in ('scheduled', 'awaiting_approval', 'ready') or new.attempt <> 0 or new.failed_attempts <> 0
    or new.lost_attempts <> 0
    or coalesce(new.processed, new.skipped) is not null or new.accounting_amount is not null
)
execute function reimbursement.refuse_job_change();

-- The condition is read anew for each statement that updates jobs: so it is one function, and says all of it there.
create trigger jobs_move_as_the_queue_moves_them after update on reimbursement.jobs
for each row when (not reimbursement.is_job_move(old.state, new.state, new.attempt - old.attempt))
execute function reimbursement.refuse_job_change();
create trigger jobs_keep_what_was_asked_for
before update of legal_entity_id, job_id, run_id, kind, batch, batch_after, batch_through on reimbursement.jobs
for each statement execute function reimbursement.keep_posted_rows();
