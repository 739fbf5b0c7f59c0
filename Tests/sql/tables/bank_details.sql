-- Which IBANs and BICs are taken, what is said of the others, and which bank account pays a currency.
select plan(65);

-- One IBAN of every length and shape; those of the registry's examples.
select ok(reimbursement.is_iban(i.iban), i.iban || ' is an IBAN')
from unnest(array[
    'NO93 8601 1117 947', 'BE68 5390 0754 7034', 'NL91 ABNA 0417 1643 00', 'SI56 2633 0001 2039 086',
    'AT61 1904 3002 3457 3201', 'CH93 0076 2011 6238 5295 7', 'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19', 'GI75 NWBK 0000 0000 7099 453', 'ES91 2100 0418 4502 0005 1332',
    'PT50 0002 0123 1234 5678 9015 4', 'IS14 0159 2600 7654 5510 7303 39', 'FR14 2004 1010 0505 0001 3M02 606',
    'HU42 1177 3016 1111 1018 0000 0000', 'BR18 0036 0305 0000 1000 9795 493C 1', 'JO94 CBJO 0010 0000 0000 0131 0003 02',
    'MT84 MALT 0110 0001 2345 MTLC AST0 01S', 'LC55 HEMM 0001 0001 0012 0012 0002 3015',
    'RU03 0445 2522 5408 1781 0538 0913 1041 9'
]) as i (iban);
select ok(reimbursement.is_iban(' DE89370400440532013000  '), 'spaces do not count, wherever they are');

select is(reimbursement.is_iban(i.iban), false, format('no IBAN: %s', i.why))
from (
    values
    ('', 'empty'), ('DE', 'only a country'), ('DE89 3704 0044 0532 0130 01', 'a digit is wrong'),
    ('DE89 3704 0044 0532 0310 00', 'two digits are swapped'), ('DE89 3704 0044 0532 0130 0', 'too short'),
    ('DE89 3704 0044 0532 0130 000', 'too long'), ('de89 3704 0044 0532 0130 00', 'small letters'),
    ('DE89-3704-0044-0532-0130-00', 'hyphens'), ('DE8937040044053201300O', 'the letter O for a zero'),
    ('US64 SVBK US6S 3300 9586 73', 'a country without IBANs'), (e'DE89370400440532013000\n', 'a line break'),
    (e'DE89\u00a0370400440532013000', 'a space of another kind'), ('DE٨٩370400440532013000', 'digits of another script')
) as i (iban, why);
-- 01 fits this account number as well as 98 does, since both leave the same remainder.
select is(
    array[reimbursement.is_iban('NO98 0000 0000 022'), reimbursement.is_iban('NO01 0000 0000 022')], array[true, false],
    'check digits go from 02 to 98, so that each number has one pair of them');
select is(reimbursement.is_iban(null), null, 'no IBAN is neither right nor wrong');

select ok(reimbursement.is_bic(b.bic), b.bic || ' is a BIC')
from unnest(array['COBADEFF', 'COBADEFFXXX', 'NWBKGB2LABC', 'AAAAAA22123']) as b (bic);
select is(reimbursement.is_bic(b.bic), false, format('no BIC: %s', b.why))
from (
    values
    ('', 'empty'), ('COBADEF', 'too short'), ('COBADEFFX', 'between the lengths'), ('COBADEFFXXXX', 'too long'),
    ('cobadeff', 'small letters'), ('C0BADEFF', 'a digit among the letters, which only the newer format allows'),
    ('COBADE0F', '0 in the place'), ('COBADE1F', '1 in the place'), ('COBADEFO', 'the letter O at the end of the place'),
    ('COBADEFF ', 'a space'), (e'COBADEFF\n', 'a line break')
) as b (bic, why);
select is(reimbursement.is_bic(null), null, 'no BIC is neither right nor wrong');

-- What a user enters is refused when it is wrong.
select test.company();
select throws_ok(
    $$ insert into reimbursement.customers (legal_entity_id, customer_account, name, iban)
    values ('US01', 'ANN', 'Ann', 'DE89 3704') $$,
    'RB021',
    '"DE89 3704" is no IBAN of customer "ANN" of legal entity "US01": it has 8 characters, and for DE it must have 22',
    'a customer''s IBAN of the wrong length is refused, and whose it is');
select throws_ok(
    $$ insert into reimbursement.vendors (legal_entity_id, vendor_account, name, iban)
    values ('US01', 'V', 'V', 'US64SVBKUS6S3300958673') $$,
    'RB021',
    '"US64SVBKUS6S3300958673" is no IBAN of vendor "V" of legal entity "US01": "US" is no country with IBANs',
    'a vendor''s of a country without IBANs');
select throws_ok(
    $$ select test.paying_account('GIRO', iban => 'DE88 3704 0044 0532 0130 00') $$, 'RB021',
    '"DE88 3704 0044 0532 0130 00" is no IBAN of bank account "GIRO" of legal entity "US01": its check digits "88" do not fit',
    'a bank account''s with wrong check digits, and not which would fit');
select throws_ok(
    $$ select test.paying_account('GIRO', iban => 'DE89/3704/0044/0532/0130/00') $$, 'RB021',
    '"DE89/3704/0044/0532/0130/00" is no IBAN of bank account "GIRO" of legal entity "US01": it has other characters than A-Z and 0-9',
    'one with other characters');
select throws_ok(
    $$ select test.paying_account('GIRO', iban => ' ') $$, 'RB021',
    '" " is no IBAN of bank account "GIRO" of legal entity "US01": it is empty', 'an empty one');
select throws_ok(
    $$ select test.paying_account('GIRO', bic => 'COBADE') $$, 'RB022',
    '"COBADE" is no BIC of bank account "GIRO" of legal entity "US01"', 'a wrong BIC');
select throws_ok(
    $$ select test.paying_account('GIRO', iban => null) $$, '23502', null, 'a bank account has an IBAN');
select test.customer('ANN');
select throws_ok(
    $$ update reimbursement.customers set iban = 'DE' $$, 'RB021', null, 'a wrong IBAN is refused when it is changed');
select throws_ok(
    $$ update reimbursement.customers set bic = 'DE' $$, 'RB022', null, 'and a wrong BIC');
select lives_ok(
    $$ update reimbursement.customers set iban = 'DE89 3704 0044 0532 0130 00', bic = null $$,
    'a right one is taken, spaces and all');

-- The first account of a currency pays it.
insert into reimbursement.bank_accounts (legal_entity_id, bank_account, name, currency, iban)
values
('US01', 'EUR-1', 'One', 'EUR', 'DE89370400440532013000'), ('US01', 'EUR-2', 'Two', 'EUR', 'DE89370400440532013000'),
('US01', 'USD-1', 'Three', 'USD', 'DE89370400440532013000');
select test.paying_account('EUR-3');
select is(
    (select string_agg(b.bank_account, ' ' order by b.bank_account) from reimbursement.bank_accounts as b
        where b.is_default),
    'EUR-1 USD-1', 'the first bank account of a currency is its default, in one statement or in several');
select throws_ok(
    $$ update reimbursement.bank_accounts set is_default = true where bank_account = 'EUR-2' $$, '23505', null,
    'a currency has no two defaults');
select lives_ok(
    $$ update reimbursement.bank_accounts set is_default = false where bank_account = 'EUR-1' $$,
    'and may have none');
select test.paying_account('EUR-4');
select is(
    (select b.is_default from reimbursement.bank_accounts as b where b.bank_account = 'EUR-4'), true,
    'then the next one is');

select * from finish();
