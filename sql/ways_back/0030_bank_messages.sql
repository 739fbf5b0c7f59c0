-- The way back from what the bank answers.

alter table reimbursement.legal_entities drop column bank_charges_account;
