-- The masters. They are loaded in any order: a customer may name a vendor that does not exist yet.

create table reimbursement.customers (
    legal_entity_id text collate "C" not null,
    customer_account text collate "C" not null check (customer_account <> ''),
    name text not null,
    vendor_account text collate "C",
    customer_group text collate "C",
    country text,
    address jsonb check (jsonb_typeof(address) = 'object'),
    language text,
    tax_number text,
    iban text,
    bic text,
    on_hold_from date,
    on_hold_to date,
    primary key (legal_entity_id, customer_account),
    constraint customers_hold_begins_before_it_ends
        check (on_hold_to is null or (on_hold_from is not null and on_hold_to >= on_hold_from))
);
-- Not unique: writing a vendor account back must not block foreign keys that refer to the customer.
create index customers_by_vendor on reimbursement.customers (legal_entity_id, vendor_account)
where vendor_account is not null;
comment on table reimbursement.customers is 'Customers of a legal entity. vendor_account: whom to pay, where it is known.';
comment on column reimbursement.customers.address is 'street, building, postcode, town';
comment on column reimbursement.customers.on_hold_from is 'First day of a hold.';
comment on column reimbursement.customers.on_hold_to is 'Last day of a hold; null: for ever.';

create table reimbursement.vendors (
    legal_entity_id text collate "C" not null,
    vendor_account text collate "C" not null check (vendor_account <> ''),
    name text not null,
    vendor_group text,
    is_one_time boolean not null default false,
    payment_terms_days integer check (payment_terms_days between 0 and 3650),
    method_of_payment text collate "C",
    iban text,
    bic text,
    hold text not null default 'none'
        constraint vendors_hold_is_known check (hold in ('none', 'invoice', 'payment', 'all')),
    country text,
    address jsonb check (jsonb_typeof(address) = 'object'),
    language text,
    tax_number text,
    customer_account text collate "C",
    run_id bigint,
    primary key (legal_entity_id, vendor_account),
    constraint vendors_only_one_time_stand_for_a_customer check (is_one_time or customer_account is null)
);
create unique index vendors_one_time_once_per_customer on reimbursement.vendors (legal_entity_id, customer_account)
where customer_account is not null;
comment on table reimbursement.vendors is 'Vendors of a legal entity, one-time vendors among them.';
comment on column reimbursement.vendors.payment_terms_days is
'Days from invoice date to due date; null: due on the invoice date.';
comment on column reimbursement.vendors.customer_account is 'The customer that a one-time vendor stands for.';
comment on column reimbursement.vendors.run_id is 'The run that created it; null where it was loaded.';
comment on column reimbursement.vendors.hold is 'none, invoice, payment or all';
