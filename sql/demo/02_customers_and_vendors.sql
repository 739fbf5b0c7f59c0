-- Customers with and without a vendor account, and their vendors. The IBANs are examples; each passes its check.

insert into reimbursement.vendors
(legal_entity_id, vendor_account, name, vendor_group, payment_terms_days, method_of_payment, iban, bic, hold)
values
('USMF', 'US-101', 'Fabrikam Electronics', 'TRADE', 30, 'CHECK', null, null, 'none'),
('USMF', 'US-102', 'Lande Packaging Supplies', 'TRADE', 10, 'CHECK', null, null, 'all'),
('DEMF', 'DE-001', 'Otto Dichtungen GmbH', 'TRADE', 30, 'SEPA', 'DE12500105170648489890', 'INGDDEFF', 'none'),
('DEMF', 'DE-002', 'Klee Werkzeuge KG', 'TRADE', 14, 'SEPA', 'DE75512108001245126199', null, 'none');

insert into reimbursement.customers
(legal_entity_id, customer_account, name, vendor_account, customer_group, country, language, iban, address)
values
(
    'USMF', 'US-001', 'Contoso Retail San Diego', 'US-101', '30', 'US', 'en-us', null,
    '{"street": "Main Street", "building": "123", "postcode": "92101", "town": "San Diego"}'
),
('USMF', 'US-002', 'Contoso Retail Los Angeles', null, '30', 'US', 'en-us', null, null),
('USMF', 'US-003', 'Forest Wholesales', null, '10', 'US', 'en-us', null, null),
('USMF', 'US-004', 'Cave Wholesales', null, '10', 'US', 'en-us', null, null),
('USMF', 'US-005', 'Sunset Wholesales', null, '10', 'US', 'en-us', null, null),
('USMF', 'US-006', 'Birch Company', null, '20', 'US', 'en-us', null, null),
('USMF', 'US-007', 'Desert Wholesales', null, '10', 'US', 'en-us', null, null),
('USMF', 'US-008', 'Sparrow Retail', 'US-199', '30', 'US', 'en-us', null, null),
('USMF', 'US-009', 'Owl Wholesales', 'US-102', '10', 'US', 'en-us', null, null),
('USMF', 'US-010', 'Lion Electronics', null, '20', 'US', 'en-us', null, null),
('USMF', 'US-011', 'Rainbow Wholesales', 'US-OTV-1', '10', 'US', 'en-us', null, null),
('USMF', 'US-012', 'Grebe Wholesales', 'US-OTV-1', '10', 'US', 'en-us', null, null),
('USMF', 'US-013', 'Pelican Wholesales', null, '10', 'JP', 'ja', null, null),
('USMF', 'US-014', 'Kuwait Trading', null, '20', 'KW', 'en-us', 'KW81CBKU0000000000001234560101', null),
('USMF', 'US-015', 'Alpine Ski House', null, '20', 'CH', 'de', 'CH93 0076 2011 6238 5295 7', null),
('USMF', 'US-016', 'Cheetah Concerts', null, '20', 'US', 'en-us', null, null),
(
    'DEMF', 'DE-010', 'Bücherei am Markt', null, '80', 'DE', 'de', 'DE27100777770209299700',
    '{"street": "Marktplatz", "building": "4", "postcode": "20095", "town": "Hamburg"}'
),
('DEMF', 'DE-011', 'Otto Dichtungen GmbH', 'DE-001', '80', 'DE', 'de', null, null),
('DEMF', 'DE-012', 'Jansen Möbelhaus', null, '80', 'DE', 'de', null, null),
('DEMF', 'DE-013', 'Klee Werkzeuge KG', 'DE-002', '90', 'DE', 'de', null, null),
(
    'DEMF', 'DE-014', 'Ελαιώνες Κρήτης', null, '80', 'GR', 'el', 'GR1601101250000000012300695',
    '{"street": "Οδός Ικάρου", "building": "7", "postcode": "71306", "town": "Ηράκλειο"}'
),
('DEMF', 'DE-015', '山田商店', null, '80', 'DE', 'ja', 'DE02120300000000202051', null),
(
    'DEMF', 'DE-016', 'Käserei Größl & Söhne', null, '80', 'AT', 'de', 'AT611904300234573201',
    '{"street": "Große Gasse", "building": "1", "postcode": "6020", "town": "Innsbruck"}'
),
('DEMF', 'DE-017', 'Blumen Petersen', null, '80', 'NL', 'de', 'NL91ABNA0417164300', null),
('DEMF', 'DE-018', 'Radhaus Lenz', null, '80', 'DE', 'de', 'DE75512108001245126199', null);

-- A one-time vendor from before, and its customer.
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, is_one_time, customer_account)
values ('USMF', 'US-OTV-1', 'Rainbow Wholesales', true, 'US-011');

update reimbursement.customers set on_hold_from = current_date - 30
where legal_entity_id = 'USMF' and customer_account = 'US-003';

-- The British company has many customers, half of them with a vendor account of their own. A vendor's account at the
-- bank is NWBK, a sort code and a number; in the sum that gives the check digits NWBK is 23321120 and GB is 1611.
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, payment_terms_days, method_of_payment, iban)
select
    'GBSI', 'GB-V' || lpad(i::text, 5, '0'), 'Vendor ' || i, 7, 'SEPA',
    format(
        'GB%sNWBK601613%s', to_char(98 - ('23321120601613' || 31926819 + i || '161100')::numeric % 97, 'FM00'),
        31926819 + i
    )
from generate_series(1, 10000) as i;

insert into reimbursement.customers
(legal_entity_id, customer_account, name, vendor_account, customer_group, country)
select
    'GBSI', 'GB-' || lpad(i::text, 5, '0'), 'Customer ' || i,
    case when i % 2 = 0 then 'GB-V' || lpad((i / 2)::text, 5, '0') end,
    case when i % 10 = 0 then 'WEB' else 'SHOP' end, 'GB'
from generate_series(1, 20000) as i;
