-- The way back from the settings that keep money from the wrong payee.

alter table reimbursement.legal_entities
drop column recheck_open_debits, drop column shared_iban_maximum, drop column maximum_payment;
