-- What the bank answers: charges that it keeps of what it returns are posted to an account of their own.

alter table reimbursement.legal_entities add column bank_charges_account text collate "C" not null default '6600';
comment on column reimbursement.legal_entities.bank_charges_account is
'Where the charges are posted that a bank keeps of a payment which it returns.';
