-- Settings of a legal entity that keep its money from the wrong payee: off, or without a limit, unless they are set.

alter table reimbursement.legal_entities
add column recheck_open_debits boolean not null default false,
add column shared_iban_maximum integer constraint legal_entities_shared_iban_maximum_is_a_number
check (shared_iban_maximum > 0),
add column maximum_payment numeric constraint legal_entities_maximum_payment_is_money
check ((maximum_payment > 0 and reimbursement.is_money(maximum_payment, accounting_currency)) is not false);
comment on column reimbursement.legal_entities.recheck_open_debits is
'Whether an invoice waits while its customer owes more than he did when he was reimbursed.';
comment on column reimbursement.legal_entities.shared_iban_maximum is
'How many vendors may have one IBAN and still be paid; no limit when null.';
comment on column reimbursement.legal_entities.maximum_payment is
'What one payment may come to, in accounting currency; no limit when null.';
