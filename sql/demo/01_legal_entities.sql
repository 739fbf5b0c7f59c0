-- Three legal entities: an American one, a German one and a British one, each with a minimum reimbursement.

select reimbursement.set_up_legal_entity('USMF', 'Contoso Entertainment USA', 'USD', 10);
select reimbursement.set_up_legal_entity('DEMF', 'Contoso Entertainment Germany', 'EUR', 5);
select reimbursement.set_up_legal_entity('GBSI', 'Contoso Services UK', 'GBP', 2);

update reimbursement.legal_entities
set time_zone = 'America/New_York', max_rate_age_days = 400
where legal_entity_id = 'USMF';

update reimbursement.legal_entities
set time_zone = 'Europe/Berlin', one_time_payment_terms_days = 14
where legal_entity_id = 'DEMF';

-- What one unit is worth in accounting currency: ten months ago, and two weeks ago.
insert into reimbursement.exchange_rates (legal_entity_id, currency, valid_from, rate) values
('USMF', 'EUR', current_date - 300, 1.0850),
('USMF', 'EUR', current_date - 14, 1.1620),
('USMF', 'JPY', current_date - 300, 0.006710),
('USMF', 'JPY', current_date - 14, 0.006480),
('USMF', 'KWD', current_date - 300, 3.2550),
('DEMF', 'USD', current_date - 300, 0.9217),
('DEMF', 'USD', current_date - 14, 0.8606);
