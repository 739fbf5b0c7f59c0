-- The files for the bank: what they say of a payment, in each format, and what of it is not as in the books.
select plan(44);

-- A message says what the payments are.
select test.company(accounting_currency => 'EUR');
select test.paying_account('GIRO');
select test.run_in_state();
select test.transfer(
    'PAY-2', 20.5, 'Jürgen & Söhne', creditor_bic => 'AGRIFRPPXXX', remittance => 'Rückzahlung <5%>',
    creditor_country => 'fr',
    creditor_address => '{"street": "Rue de l’Église", "building": "12bis", "postcode": "75001", "town": "Orléans"}');
select test.transfer('PAY-1', 10);
select test.transfer('PAY-3', 7.25, creditor_iban => 'TR33 0006 1005 1978 6457 8413 26');
select test.transfer('PAY-4', 99, is_transfer => false);
select reimbursement.write_payment_files('US01', test.last_run());

select is(test.in_file('p:GrpHdr/p:NbOfTxs/text()'), '3', 'the header counts the payments by transfer, and no others');
select is(test.in_file('p:GrpHdr/p:CtrlSum/text()'), '37.75', 'and has their sum');
select is(test.in_file('p:GrpHdr/p:InitgPty/p:Nm/text()'), 'Contoso US01', 'the legal entity asks for them');
select is(
    test.in_file('p:GrpHdr/p:MsgId/text()'),
    format('%s-%s-1', to_char(f.created_at at time zone 'UTC', 'YYYYMMDD'), f.run_id),
    'the message''s number has the day, the run, and which bank account it is')
from reimbursement.payment_files as f
where f.format = 'csv';
select is(
    test.in_file('p:GrpHdr/p:CreDtTm/text()'),
    (select to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    from reimbursement.payment_files as f where f.format = 'csv'),
    'and when it was made, in UTC');
select is(
    test.in_file('p:PmtInf/p:PmtTpInf/p:SvcLvl/p:Cd/text()'), 'SEPA', 'one batch is of SEPA transfers, one is not');
select is(test.in_file('p:PmtInf/p:ChrgBr/text()'), 'SLEV|SHAR', 'each with who bears the charges');
select is(test.in_file('p:PmtInf/p:NbOfTxs/text()'), '2|1', 'each counts its payments');
select is(test.in_file('p:PmtInf/p:CtrlSum/text()'), '30.50|7.25', 'and has their sum');
select is(
    test.in_file('p:PmtInf/p:PmtInfId/text()'),
    test.in_file('p:GrpHdr/p:MsgId/text()') || '-1|' || test.in_file('p:GrpHdr/p:MsgId/text()') || '-2',
    'and a number of its own');
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), concat_ws('|', current_date, current_date),
    'to be carried out on the day on which it is written, for the payment date is past');
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/text()', 'pain.001.001.03'), concat_ws('|', current_date, current_date),
    'which the older version has in another place');
select is(
    test.in_file('p:PmtInf[1]/p:DbtrAcct//text()'), 'DE89370400440532013000|EUR',
    'from the bank account, its IBAN without spaces');
select is(test.in_file('p:PmtInf[1]/p:DbtrAgt//p:BICFI/text()'), 'COBADEFFXXX', 'at its bank');
select is(
    test.in_file('p:PmtInf[1]/p:DbtrAgt//p:BIC/text()', 'pain.001.001.03'), 'COBADEFFXXX',
    'which the older version has under another name');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:PmtId/p:EndToEndId/text()'), 'PAY-1|PAY-2|PAY-3',
    'payments come by their numbers');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:PmtId/p:InstrId/text()'), 'PAY-1|PAY-2|PAY-3',
    'which the bank has too');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:Amt/p:InstdAmt/text()'), '10.00|20.50|7.25',
    'amounts have the decimals of their currency');
select is(test.in_file('p:PmtInf/p:CdtTrfTxInf/p:Amt/p:InstdAmt/@Ccy'), 'EUR|EUR|EUR', 'and the currency');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:Cdtr/p:Nm/text()'), 'Ann|Jurgen + Sohne|Ann',
    'creditors are named in SEPA''s characters');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:CdtrAcct/p:Id/p:IBAN/text()'),
    'FR1420041010050500013M02606|FR1420041010050500013M02606|TR330006100519786457841326',
    'their IBANs have no spaces');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:CdtrAgt/p:FinInstnId/p:BICFI/text()'), 'AGRIFRPPXXX',
    'their bank is named where its BIC is known');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf[p:CdtrAgt]/p:PmtId/p:InstrId/text()'), 'PAY-2', 'and left out where it is not');
select is(
    test.in_file('p:PmtInf[1]/p:CdtTrfTxInf[2]/p:Cdtr/p:PstlAdr/*/text()'), 'Rue de l''Eglise|12bis|75001|Orleans|FR',
    'an address is in its parts');
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:RmtInf/p:Ustrd/text()'),
    'Reimbursement|Ruckzahlung .5..|Reimbursement', 'what it is for is passed on');
select is(
    (select count(*) from reimbursement.payment_files as f cross join lateral regexp_matches(f.content, '^<CdtTrf', 'gn')
        where f.format = 'pain.001.001.09'),
    3::bigint, 'each payment has a line of its own');

select is(
    (select count(distinct f.message_id) || ' ' || count(*) from reimbursement.payment_files as f), '1 3',
    'every format of the same payments has the same number, so that a bank takes only one');
select is(
    (select count(*) from reimbursement.payment_files as f
        where f.payments = 3 and f.control_sum = 37.75 and f.created_at <= clock_timestamp()
            and f.sha256 = encode(sha256(convert_to(f.content, 'UTF8')), 'hex')),
    3::bigint, 'the files are kept with their digests, counts and sums');
select is(
    (select split_part(f.content, e'\r\n', 1) from reimbursement.payment_files as f where f.format = 'csv'),
    'message_id,payment_number,end_to_end_id,execution_date,debtor_name,debtor_iban,debtor_bic,creditor_name,'
    'creditor_iban,creditor_bic,street,building,postcode,town,country,currency,amount,remittance',
    'the CSV file has a header');
select is(
    (select split_part(f.content, e'\r\n', 3) from reimbursement.payment_files as f where f.format = 'csv'),
    (select f.message_id || ',PAY-2,PAY-2,' || current_date
        || ',Contoso US01,DE89370400440532013000,COBADEFFXXX,Jurgen + Sohne,'
        'FR1420041010050500013M02606,AGRIFRPPXXX,Rue de l''Eglise,12bis,75001,Orleans,FR,EUR,20.50,Ruckzahlung .5..'
    from reimbursement.payment_files as f where f.format = 'csv'),
    'and says the same of a payment');
select is(
    (select array_length(regexp_split_to_array(f.content, e'\r\n'), 1) from reimbursement.payment_files as f
        where f.format = 'csv'),
    5, 'in a line for each');
select is(
    array[
        reimbursement.csv_field('plain'), reimbursement.csv_field('a, b'), reimbursement.csv_field('a "b"'),
        reimbursement.csv_field(e'a\nb'), reimbursement.csv_field('+49 221'), reimbursement.csv_field('-A1, B1'),
        reimbursement.csv_field('=1+1')
    ],
    array['plain', '"a, b"', '"a ""b"""', e'"a\nb"', '''+49 221', '"''-A1, B1"', '''=1+1'],
    'a field of CSV is quoted where it has to be, and is no formula');

-- What the file says otherwise than the books.
select is(
    (select string_agg(concat_ws('|', c.payment_number, c.field, c.original, c.written), e'\n'
        order by c.payment_number, c.field)
    from reimbursement.payment_file_changes as c),
    'PAY-2|creditor_name|Jürgen & Söhne|Jurgen + Sohne
PAY-2|remittance|Rückzahlung <5%>|Ruckzahlung .5..
PAY-2|street|Rue de l’Église|Rue de l''Eglise
PAY-2|town|Orléans|Orleans',
    'every text that is written otherwise is recorded, and no other');

-- The legal entity's own address, where it has a town and a country; and the day on which the bank is to pay.
select is(test.in_file('p:PmtInf/p:Dbtr/p:PstlAdr'), '', 'the legal entity''s address is left out where it has none');
select set_eq(
    'select distinct field from reimbursement.payment_file_changes',
    array['creditor_name', 'remittance', 'street', 'town'], 'and nothing is said of it');
update reimbursement.legal_entities
set country = 'de', address = '{"street": "Königsallee", "building": "1", "postcode": "40212", "town": "Düsseldorf"}';
select test.run_in_state();
select test.transfer('PAY-5', payment_date => current_date + 7);
select test.transfer('PAY-6', payment_date => current_date - 1);
select reimbursement.write_payment_files('US01', test.last_run());
select is(
    test.in_file('p:PmtInf/p:Dbtr/p:PstlAdr/*/text()'),
    'Konigsallee|1|40212|Dusseldorf|DE|Konigsallee|1|40212|Dusseldorf|DE', 'it is in every batch of the message');
select is(
    test.in_file('p:PmtInf[1]/p:Dbtr/p:PstlAdr/p:TwnNm/text()', 'pain.001.001.03'), 'Dusseldorf',
    'of the older version, too');
select is(test.in_file('p:GrpHdr/p:InitgPty/p:PstlAdr'), '', 'and not twice');
select is(
    (select string_agg(concat_ws('|', c.field, c.original, c.written), e'\n' order by c.field)
    from reimbursement.payment_file_changes as c where c.run_id = test.last_run()),
    'debtor_street|Königsallee|Konigsallee
debtor_town|Düsseldorf|Dusseldorf', 'what of it is written otherwise is recorded');
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), concat_ws('|', current_date, current_date + 7),
    'a payment date to come stays, and one that is past is the day on which the file is written');
select is(
    test.in_file('p:PmtInf[p:CdtTrfTxInf/p:PmtId/p:InstrId = "PAY-5"]/p:ReqdExctnDt/p:Dt/text()'),
    (current_date + 7)::text, 'each payment in the batch of its day');
-- Where it is another day than here.
update reimbursement.legal_entities
set
    address = '{"street": "Königsallee"}',
    time_zone = case when extract(hour from now() at time zone 'UTC') < 12 then 'Etc/GMT+12' else 'Etc/GMT-14' end;
select test.run_in_state();
select test.transfer('PAY-7', payment_date => '2025-06-30');
select reimbursement.write_payment_files('US01', test.last_run());
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), (
        select (now() at time zone le.time_zone)::date::text from reimbursement.legal_entities as le),
    'it is the legal entity''s day');
select is(test.in_file('p:PmtInf/p:Dbtr/p:PstlAdr'), '', 'an address without a town is left out');
select is_empty(
    'select from reimbursement.payment_file_changes where run_id = test.last_run()', 'which is no change of it');

select * from finish();
