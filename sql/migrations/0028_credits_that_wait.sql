-- Credits that may not be refunded yet, dates within reach, one-time vendors that follow their customers, and what is
-- asked of a selection.

-- Every reason why a customer or an invoice is left out, with what would change it.
create type reimbursement.explanation as (
    reason text,
    is_first boolean,
    found jsonb,
    remedy text
);
comment on type reimbursement.explanation is
'A reason why a customer or an invoice is left out, whether it is the one that a run reports, the rows behind it, and what would change it.';

-- A credit that is held, and types of credits that are refunded late or never.

alter table reimbursement.customer_transactions add column held_until date, add column hold_reason text;
comment on column reimbursement.customer_transactions.held_until is
'The last day on which the credit is not reimbursed; infinity is for ever. Of no effect on a debit.';
comment on column reimbursement.customer_transactions.hold_reason is 'Why it is held, in the user''s words.';

create table reimbursement.credit_rules (
    legal_entity_id text collate "C" not null,
    transaction_type text not null check (transaction_type <> ''),
    is_refundable boolean not null default true,
    cooling_days integer not null default 0
        constraint credit_rules_cooling_days_are_days check (cooling_days >= 0),
    primary key (legal_entity_id, transaction_type)
);
comment on table reimbursement.credit_rules is
'Types of credits that are reimbursed late or not at all. A type without a rule is reimbursed at once.';
comment on column reimbursement.credit_rules.is_refundable is 'Whether such a credit is ever reimbursed; a prepayment may not be.';
comment on column reimbursement.credit_rules.cooling_days is
'For so many days after its date such a credit is not reimbursed, the last of them included: a direct debit can be taken back.';
alter table reimbursement.credit_rules add foreign key (legal_entity_id) references reimbursement.legal_entities;

alter table reimbursement.customer_skips drop constraint customer_skips_reason_is_known;
alter table reimbursement.customer_skips add constraint customer_skips_reason_is_known check (skip_reason in (
    'on_hold', 'pending_settlement', 'credits_held', 'open_debits', 'no_net_credit', 'later_activity',
    'no_exchange_rate', 'below_minimum', 'vendor_missing', 'vendor_on_hold', 'vendor_of_other_customer'
));

alter table reimbursement.customer_skips add constraint customer_skips_held_credits_count_nothing
check (skip_reason <> 'credits_held' or credit_amount = 0);

create trigger customer_transactions_log_holds after update of held_until, hold_reason
on reimbursement.customer_transactions
for each row when (
    (old.held_until, old.hold_reason) is distinct from (new.held_until, new.hold_reason)
)
execute function reimbursement.log_change('customer_transaction_id');

create trigger credit_rules_log_inserts after insert on reimbursement.credit_rules
referencing new table as new_rows for each statement execute function reimbursement.log_inserts('transaction_type');
create trigger credit_rules_log_changes after update on reimbursement.credit_rules
for each row when (old.* is distinct from new.*) execute function reimbursement.log_change('transaction_type');
create trigger credit_rules_log_deletions after delete on reimbursement.credit_rules
for each row execute function reimbursement.log_change('transaction_type');
create trigger credit_rules_keep_log before truncate on reimbursement.credit_rules
for each statement execute function reimbursement.refuse_truncation();

-- A posting date within reach, and what the day of the transfer is.

alter table reimbursement.legal_entities add column max_days_ahead integer not null default 31
constraint legal_entities_max_days_ahead_is_a_number check (max_days_ahead >= 0);
comment on column reimbursement.legal_entities.max_days_ahead is
'How many days after today, or after the day of its run_at, a run may be dated: a wrong year would lock credits up until then.';

alter type reimbursement.reimbursement_choices add attribute due_in_days integer;
alter type reimbursement.reimbursement_batch add attribute due_in_days integer;
-- The day on which the transfer happens, or is expected to.
alter type reimbursement.reimbursement_batch add attribute transfer_date date;

-- One-time vendors follow their customers, but for what a person has changed.

alter table reimbursement.vendors
add column edited_by_hand text [] not null default '{}',
add column refreshed_at timestamptz;
comment on column reimbursement.vendors.edited_by_hand is
'Of a one-time vendor that a run made: what a person has changed to something else than the customer''s, and which no longer follows it: name, address, tax_number, bank_details.';
comment on column reimbursement.vendors.refreshed_at is
'When refresh_one_time_vendors() last brought it up to date from its customer.';

-- What people changed of such a vendor until now stays as they left it, as far as it was written down.
alter table reimbursement.vendors disable trigger user;
update reimbursement.vendors as v
set edited_by_hand = e.fields
from (
    select c.legal_entity_id, c.key ->> 'vendor_account' as vendor_account, array_agg(distinct f.field) as fields
    from reimbursement.change_log as c
    cross join lateral jsonb_object_keys(c.new_values) as k (name)
    inner join (
        values
        ('name', 'name'), ('country', 'address'), ('address', 'address'), ('tax_number', 'tax_number'),
        ('iban', 'bank_details'), ('bic', 'bank_details')
    ) as f (name, field) on f.name = k.name
    where c.table_name = 'vendors' and c.old_values is not null and c.new_values is not null
    group by c.legal_entity_id, c.key ->> 'vendor_account'
) as e
where v.legal_entity_id = e.legal_entity_id and v.vendor_account = e.vendor_account
    and v.is_one_time and v.run_id is not null;
alter table reimbursement.vendors enable trigger user;

create trigger vendors_note_edit before update of name, country, address, tax_number, iban, bic
on reimbursement.vendors
for each row when (
    new.is_one_time and new.run_id is not null and new.last_run_id is not distinct from old.last_run_id
    and new.refreshed_at is not distinct from old.refreshed_at
    and (old.name, old.country, old.address, old.tax_number, old.iban, old.bic)
    is distinct from (new.name, new.country, new.address, new.tax_number, new.iban, new.bic)
)
execute function reimbursement.note_vendor_edit();
