-- The bank accounts that a legal entity pays from.

create table reimbursement.bank_accounts (
    legal_entity_id text collate "C" not null,
    bank_account text collate "C" not null check (bank_account <> ''),
    name text not null check (name <> ''),
    currency text not null
        constraint bank_accounts_currency_is_known check (reimbursement.minor_unit(currency) is not null),
    iban text not null,
    bic text,
    ledger_account text collate "C" check (ledger_account <> ''),
    bridging_account text collate "C" check (bridging_account <> ''),
    is_default boolean not null,
    primary key (legal_entity_id, bank_account)
);
create unique index bank_accounts_one_default_per_currency on reimbursement.bank_accounts (legal_entity_id, currency)
where is_default;
comment on table reimbursement.bank_accounts is 'The bank accounts that a legal entity pays from, each in its own currency.';
comment on column reimbursement.bank_accounts.ledger_account is
'The ledger account of its balance; null: the legal entity''s bank_ledger_account.';
comment on column reimbursement.bank_accounts.bridging_account is
'Payments are credited here until the bank has carried them out; null: to the ledger account at once.';
comment on column reimbursement.bank_accounts.is_default is
'Pays its currency where a run names no bank account; left out: true for the first account of a currency.';

comment on table reimbursement.number_sequences is
'Numbers without gaps: reimbursement, vendor_invoice, one_time_vendor, settlement, payment, reversal.';
