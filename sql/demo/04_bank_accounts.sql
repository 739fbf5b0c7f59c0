-- The bank accounts that the legal entities pay from, each in its own currency; Germany has two.

insert into reimbursement.bank_accounts
(legal_entity_id, bank_account, name, currency, iban, bic, ledger_account, bridging_account)
values
('USMF', 'LON-USD', 'Dollars in London', 'USD', 'GB29NWBK60161331926819', 'NWBKGB2L', null, null),
('DEMF', 'FFM-EUR', 'Frankfurt, euros', 'EUR', 'DE89370400440532013000', 'COBADEFF', '110170', '110179'),
('DEMF', 'FFM-USD', 'Frankfurt, dollars', 'USD', 'DE02500105170137075030', 'INGDDEFF', '110180', '110189'),
('GBSI', 'LON-GBP', 'London, pounds', 'GBP', 'GB33BUKB20201555555555', 'BUKBGB22', null, null);
