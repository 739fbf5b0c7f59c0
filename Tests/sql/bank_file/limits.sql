-- What does not fit into a file for the bank: it is cut or left out, which is recorded, or the run cannot be paid.
select plan(24);

-- Which transfers are SEPA's, and how much they carry.
select is(
    (select string_agg(t.currency || ' ' || left(t.iban, 2), ', ')
    from (
        values
        ('EUR', 'DE89370400440532013000'), ('EUR', 'GI75NWBK000000007099453'), ('EUR', 'CH9300762011623852957'),
        ('EUR', 'RS35260005601001611379'), ('EUR', 'TR330006100519786457841326'), ('EUR', 'UA213223130000026007233566001'),
        ('EUR', 'XK051212012345678906'), ('USD', 'DE89370400440532013000'), ('CHF', 'CH9300762011623852957')
    ) as t (currency, iban)
    where reimbursement.is_sepa_transfer(t.currency, t.iban)),
    'EUR DE, EUR GI, EUR CH, EUR RS', 'euros to a country of SEPA are a SEPA transfer, and nothing else is');
select is(
    reimbursement.fits_transfer(t.amount, t.currency, t.iban), t.fits, format('%s %s %s', t.currency, t.amount, t.what))
from (
    values
    (999999999.99, 'EUR', 'DE89370400440532013000', true, 'is the most in SEPA'),
    (1000000000.00, 'EUR', 'DE89370400440532013000', false, 'is too much in SEPA'),
    (1000000000.00, 'EUR', 'TR330006100519786457841326', true, 'is not outside of it'),
    (9999999999999999.99, 'USD', 'DE89370400440532013000', true, 'has 18 digits'),
    (10000000000000000.00, 'USD', 'DE89370400440532013000', false, 'has 19'),
    (999999999999999999, 'JPY', 'DE89370400440532013000', true, 'has 18, and yen have no decimals'),
    (1000000000000000000, 'JPY', 'DE89370400440532013000', false, 'has 19'),
    (999999999999999.999, 'KWD', 'DE89370400440532013000', true, 'has 18, three of them decimals'),
    (1000000000000000.000, 'KWD', 'DE89370400440532013000', false, 'has 19')
) as t (amount, currency, iban, fits, what);

-- Texts without room or characters, addresses without what they need, a bank account without a BIC.
select test.company(accounting_currency => 'EUR');
select test.paying_account('GIRO');
select test.run_in_state();
update reimbursement.legal_entities set name = repeat('Ö', 71);
select test.paying_account('DOLLAR', currency => 'USD', bic => null);
select test.transfer('PAY-10', creditor_name => repeat('a', 69) || ' bc', remittance => repeat('r', 141));
select test.transfer(
    'PAY-11', currency => 'USD', bank_account => 'DOLLAR', creditor_name => repeat('a', 141), remittance => '李');
select test.transfer('PAY-12', creditor_country => 'Germany', creditor_address => '{"town": "Köln", "street": "Rösrather"}');
select test.transfer('PAY-13', creditor_country => 'DE', creditor_address => '{"street": "Rösrather Straße"}');
select test.transfer('PAY-14', creditor_country => 'CN', creditor_address => '{"street": "Rö", "town": "北京"}');
select test.transfer('PAY-15', payment_date => current_date + 1, creditor_address => '{"town": "Köln"}');
select test.transfer(
    'PAY-16', creditor_country => 'DE',
    creditor_address => '{"street": "0123456789012345678901234567890123456789012345678901234567890123456789x",
    "building": "01234567890123456", "postcode": "01234567890123456", "town": "012345678901234567890123456789012345"}');
select reimbursement.write_payment_files('US01', max(r.run_id)) from reimbursement.run_requests as r;
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf[p:PmtId/p:InstrId = "PAY-10"]/p:Cdtr/p:Nm/text()'), repeat('a', 69),
    'a name has 70 characters in SEPA, and a cut leaves no space at the end');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:Cdtr/p:Nm/text()', bank_account => 'DOLLAR'), repeat('a', 140),
    'and 140 elsewhere');
select is(
    test.in_file('p:PmtInf/p:DbtrAgt/p:FinInstnId/p:Othr/p:Id/text()', bank_account => 'DOLLAR'), 'NOTPROVIDED',
    'a bank account without a BIC says so');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:RmtInf', bank_account => 'DOLLAR'), '', 'what cannot be written is left out');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf[p:PmtId/p:InstrId = "PAY-10"]/p:RmtInf/p:Ustrd/text()'), repeat('r', 140),
    'what it is for has 140 characters');
select is(test.in_file('p:PmtInf[1]/p:Dbtr/p:Nm/text()'), repeat('O', 70), 'the legal entity''s name has 70');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf[p:Cdtr/p:PstlAdr]/p:PmtId/p:InstrId/text()'), 'PAY-16',
    'an address without a town or a two-letter country is not written');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:Cdtr/p:PstlAdr/*/text()'),
    '0123456789012345678901234567890123456789012345678901234567890123456789|0123456789012345|0123456789012345|'
    '01234567890123456789012345678901234|DE', 'each part of an address is cut to its room');
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), concat_ws('|', current_date, current_date + 1),
    'another day is another batch');
select is(
    (select string_agg(concat_ws(' ', c.payment_number, c.field, left(c.written, 5)), ', '
        order by c.payment_number, c.field)
    from reimbursement.payment_file_changes as c where c.run_id = test.last_run()),
    ' debtor_name OOOOO, PAY-10 creditor_name aaaaa, PAY-10 remittance rrrrr, PAY-11 creditor_name aaaaa, '
    'PAY-11 remittance , PAY-14 street , PAY-14 town , PAY-16 building 01234, PAY-16 postcode 01234, '
    'PAY-16 street 01234, PAY-16 town 01234',
    'cuts are recorded, what could not be written is empty, the legal entity''s name is recorded once');
select is(
    (select string_agg(distinct f.bank_account || ' ' || right(f.message_id, 2), ', ')
    from reimbursement.payment_files as f where f.run_id = test.last_run()),
    'DOLLAR -1, GIRO -2', 'every bank account has a message of its own');

-- What no file can carry.
select test.run_in_state();
update reimbursement.legal_entities set name = '李公司';
select test.transfer('PAY-20');
select throws_ok(
    $$ select reimbursement.write_payment_files('US01', test.last_run()) $$, 'RB027',
    'a bank file cannot carry the name "李公司" of legal entity "US01"',
    'a legal entity whose name cannot be written pays nobody');
update reimbursement.legal_entities set name = 'Li';
select test.run_in_state();
select test.paying_account('YEN', 'JPY');
select test.transfer('PAY-21', 999999999999999999, currency => 'JPY', bank_account => 'YEN');
select test.transfer('PAY-22', 1, currency => 'JPY', bank_account => 'YEN');
select throws_ok(
    $$ select reimbursement.write_payment_files('US01', test.last_run()) $$, 'RB027',
    '2 payments of JPY 1000000000000000000 in all from bank account "YEN" are too much for one bank file',
    'a total of 19 digits is too much');
select is(
    (select count(*) from reimbursement.payment_files as f where f.run_id = test.last_run()), 0::bigint,
    'then nothing is written');

select * from finish();
