-- The files for the bank: what they say of a payment, what they cannot say, and how one asks for them.
select plan(109);

-- In SEPA's characters.
select is(reimbursement.sepa_text(t.given), t.written, t.what)
from (
    values
    ('SEPA''s own characters stay', 'abcxyz ABCXYZ 0189 a/b-?:().,''+', 'abcxyz ABCXYZ 0189 a/b-?:().,''+'),
    ('letters lose their marks', 'Çelik Łódź Nguyễn İstanbul Ğ Ő ů ñ', 'Celik Lodz Nguyen Istanbul G O u n'),
    ('umlauts too', 'Müller ÄÖÜäöü', 'Muller AOUaou'),
    ('marks that follow their letter', e'Mu\u0308lle\ufe24r', 'Muller'),
    ('ligatures are two letters', 'Straße ẞ Æneas œuvre ﬁne Ĳ', 'Strasse SS AEneas oeuvre fine IJ'),
    ('letters of the north', 'Ærø Đorđe Þór ð ħ', 'AEro Dorde THor d h'),
    ('Greek', 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ ΆΈΉΊΌΎΏΪΫ', 'AVGDEZITHIKLMNXOPRSTYFCHPSO AEIIOYOIY'),
    ('Greek small letters', 'αβγδεζηθικλμνξοπρσςτυφχψω άέήίόύώΐΰ', 'avgdezithiklmnxoprsstyfchpso aeiioyoiy'),
    ('Bulgarian', 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ', 'ABVGDEZHZIYKLMNOPRSTUFHTSCHSHSHTAYYUYA'),
    ('Bulgarian small letters', 'абвгдежзийклмнопрстуфхцчшщъьюя', 'abvgdezhziyklmnoprstufhtschshshtayyuya'),
    ('Russian and Ukrainian', 'Объём Эры Київ Єва', 'Obaem Ery Kiiv IEva'),
    ('Serbian and Macedonian', 'Ђорђе Љубав Ѓорѓи', 'DJordje LJubav Gorgi'),
    ('the nearest sign', 'A & B; C_D ~ [E] {F} | G\H', 'A + B, C-D - (E) (F) / G/H'),
    ('quotes', '"a" “b” „c“ «d» ‘e’ `f´', '''a'' ''b'' ''c'' ''d'' ''e'' ''f'''),
    ('dashes', 'a–b—c−d‐e', 'a-b-c-d-e'),
    ('the at sign and the euro sign', 'ann@contoso.com 5 €', 'ann(at)contoso.com 5 EUR'),
    ('what has no likeness is a full stop', 'a!b#c$d%e*f=g<h>i^j§k李', 'a.b.c.d.e.f.g.h.i.j.k.'),
    ('signs that stand for letters', '№ 5 ™ ½ ² … Ａ', 'No 5 TM 1/2 2 ... A'),
    ('white space is one space', e' a\t\r\n b\u00a0\u2003c  d ', 'a b c d'),
    ('two spaces are one, where nothing else is wrong', 'a  b ', 'a b'),
    ('control characters too', e'a\u0001\u0085b\u007f', 'a b'),
    ('what cannot be seen goes', e'a\u200bb\u00ad\ufeffc', 'abc'),
    ('no slash begins or ends it, and none follows another', ' //a//b///c/ / ', 'a/b/c'),
    ('an empty text', '', ''),
    ('only Chinese', '李小龍', ''),
    ('only Arabic', 'محمد ١٢', ''),
    ('only signs', '-?:.', ''),
    ('only signs that would become letters', '@@ €', ''),
    ('one letter is enough', '李 A', '. A')
) as t (what, given, written);
select is(reimbursement.sepa_text(null), null, 'no text is no text');
select is(
    (select count(*) from generate_series(1, 55295) as c (code)
        where reimbursement.sepa_text('a' || chr(c.code) || 'b') !~ '^[a-zA-Z0-9/?:().,''+ -]+$'),
    0::bigint, 'whatever is given, nothing else is written');

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

-- A message says what the payments are.
select test.company(accounting_currency => 'EUR');
select test.paying_account('GIRO');
create temporary table first_run as
select test.run_in_state() as run_id;
select test.transfer(
    'PAY-2', 20.5, 'Jürgen & Söhne', creditor_bic => 'AGRIFRPPXXX', remittance => 'Rückzahlung <5%>',
    creditor_country => 'fr',
    creditor_address => '{"street": "Rue de l’Église", "building": "12bis", "postcode": "75001", "town": "Orléans"}');
select test.transfer('PAY-1', 10);
select test.transfer('PAY-3', 7.25, creditor_iban => 'TR33 0006 1005 1978 6457 8413 26');
select test.transfer('PAY-4', 99, is_transfer => false);
select reimbursement.write_payment_files('US01', r.run_id) from first_run as r;

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
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), '2025-06-30|2025-06-30', 'to be carried out on the payment date');
select is(
    test.in_file('p:PmtInf/p:ReqdExctnDt/text()', 'pain.001.001.03'), '2025-06-30|2025-06-30',
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
    (select f.message_id || ',PAY-2,PAY-2,2025-06-30,Contoso US01,DE89370400440532013000,COBADEFFXXX,Jurgen + Sohne,'
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

select test.run_in_state();
update reimbursement.legal_entities set name = repeat('Ö', 71);
select test.paying_account('DOLLAR', currency => 'USD', bic => null);
select test.transfer('PAY-10', creditor_name => repeat('a', 69) || ' bc', remittance => repeat('r', 141));
select test.transfer(
    'PAY-11', currency => 'USD', bank_account => 'DOLLAR', creditor_name => repeat('a', 141), remittance => '李');
select test.transfer('PAY-12', creditor_country => 'Germany', creditor_address => '{"town": "Köln", "street": "Rösrather"}');
select test.transfer('PAY-13', creditor_country => 'DE', creditor_address => '{"street": "Rösrather Straße"}');
select test.transfer('PAY-14', creditor_country => 'CN', creditor_address => '{"street": "Rö", "town": "北京"}');
select test.transfer('PAY-15', payment_date => '2025-07-01', creditor_address => '{"town": "Köln"}');
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
    test.in_file('p:PmtInf/p:ReqdExctnDt/p:Dt/text()'), '2025-06-30|2025-07-01', 'another day is another batch');
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

-- How one asks for a file.
select is(
    reimbursement.payment_file(r.run_id),
    (select f.content from reimbursement.payment_files as f where f.run_id = r.run_id and f.format = 'pain.001.001.09'),
    'payment_file has the file as it was written, in the newer format if none is named')
from first_run as r;
select is(
    reimbursement.payment_file(f.run_id, f.format, f.bank_account::text), f.content,
    format('the file of %s as %s', f.bank_account, f.format))
from reimbursement.payment_files as f
where f.run_id <> (select r.run_id from first_run as r)
order by f.bank_account, f.format;
select throws_ok(
    $$ select reimbursement.payment_file(f.run_id) from reimbursement.payment_files as f where f.bank_account = 'DOLLAR' $$,
    'RB028', null, 'where several bank accounts paid, one is to be named');
select throws_ok(
    format('select reimbursement.payment_file(%s, bank_account => ''YEN'')', r.run_id), 'RB028',
    format('run %s made no transfer from bank account "YEN"', r.run_id), 'and one that paid')
from first_run as r;
select throws_ok(
    format('select reimbursement.payment_file(%s, ''pain.008'')', r.run_id), 'RB028',
    '"pain.008" is no format of bank files', 'a format is one of three')
from first_run as r;
select throws_ok(
    'select reimbursement.payment_file(987654)', 'RB028', 'there is no run 987654', 'a run that is not there has no file');
select throws_ok('select reimbursement.payment_file(null)', 'RB006', null, 'NULL is no run');
select throws_ok('select reimbursement.payment_file(1, null)', 'RB006', null, 'and no format');
select throws_ok(
    format('select reimbursement.payment_file(%s)', r.run_id), 'RB028', replace(s.message, 'RUN', r.run_id::text), s.what)
from (
    values
    ('completed', 'reimbursement', 'run RUN is a reimbursement, and only payment runs have bank files',
        'a reimbursement has no file'),
    ('completed', 'vendor_payment',
        'run RUN made no payment by transfer that still stood when it was done: it has no bank file',
        'nor a run without transfers'),
    ('failed', 'vendor_payment', 'run RUN is failed: its bank files are written when all of its jobs are completed',
        'nor a run that failed'),
    ('ready', 'vendor_payment', 'run RUN is ready: its bank files are written when all of its jobs are completed',
        'nor one that waits')
) as s (state, kind, message, what)
cross join lateral test.run_in_state(s.state, s.kind) as r (run_id);
select lives_ok(
    $$ select reimbursement.write_payment_files('US01', test.last_run()) $$, 'a run without transfers writes nothing');

-- Payments that were reversed before the files were written, and after.
select test.run_in_state();
select test.transfer('PAY-30');
select test.transfer('PAY-31');
insert into reimbursement.reversals (
    legal_entity_id, voucher, run_id, job_id, reversed_type, reversed_voucher, posting_date, reason, in_bank_file
)
values
('US01', 'REV-1', test.last_run(), 1, 'payment', 'PAY-30', '2025-07-01', 'a mistake', false),
('US01', 'REV-2', test.last_run(), 1, 'payment', 'PAY-2', '2025-07-01', 'bounced', true);
select reimbursement.write_payment_files('US01', test.last_run());
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:PmtId/p:InstrId/text()'), 'PAY-31',
    'a payment that was reversed before is in no file');

\setenv PGOPTIONS '-c search_path=reimbursement'
\set file `psql -XAtqc "select length(payment_file(min(run_id))) from payment_files" 2>/dev/null`
\set warning `psql -XAtqc "select length(payment_file(min(run_id))) from payment_files" 2>&1 >/dev/null | head -1`
select is(
    :'warning',
    format('WARNING:  the file of run %s has payments that have been reversed since: PAY-2', r.run_id),
    'payment_file warns of payments that were reversed since')
from first_run as r;
select is(
    :'file'::int, (select length(f.content) from reimbursement.payment_files as f where f.format = 'pain.001.001.09'
        and f.run_id = r.run_id),
    'and the file is as it was')
from first_run as r;

select * from finish();
