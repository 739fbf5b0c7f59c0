-- Bank files of awkward payments against the official schemas of their formats; validate_bank_files.py says what is right.

select test.company(accounting_currency => 'EUR');
update reimbursement.legal_entities set name = 'Ωμέγα <Söhne> & "Co" ''GmbH'' ]]> — Łódź';
update reimbursement.legal_entities
set
    country = 'gr',
    address = '{"town": "Αθήνα", "street": "Οδός <&> \"1\" ]]>", "building": "1/2", "postcode": "10 431"}';
select test.paying_account('EURO');
select test.paying_account('DOLLAR', 'USD', bic => null);
select test.paying_account('YEN', 'JPY', 'GB29 NWBK 6016 1331 9268 19', 'NWBKGB2L');
select test.paying_account('DINAR', 'KWD', 'KW81 CBKU 0000 0000 0000 1234 5601 01', 'CBKUKWKWXXX');

-- Every text with every bank account, amount, IBAN, BIC and address.
select test.run_in_state();
select test.transfer(
    payment_number => format('PAY-%s', to_char(row_number() over (), 'FM00000000')),
    amount => b.amount, currency => b.currency, bank_account => b.bank_account,
    payment_date => case when t.given like 'A%' then current_date + 7 else '2025-06-30' end,
    creditor_name => case when reimbursement.sepa_text(t.given) = '' then 'Name' else t.given end,
    creditor_iban => i.iban, creditor_bic => i.bic, remittance => t.given,
    creditor_country => a.country, creditor_address => replace(a.address, 'TEXT', to_json(t.given)::text)::jsonb)
from (
    values
    ('EURO', 'EUR', 0.01), ('EURO', 'EUR', 999999999.99), ('DOLLAR', 'USD', 9999999999999.90), ('YEN', 'JPY', 1),
    ('DINAR', 'KWD', 12345.678), ('EURO', 'EUR', 100)
) as b (bank_account, currency, amount)
cross join (
    values
    ('FR14 2004 1010 0505 0001 3M02 606', null), ('TR33 0006 1005 1978 6457 8413 26', 'TGBATRIS'),
    ('MT84MALT011000012345MTLCAST001S', 'MALTMTMTXXX')
) as i (iban, bic)
cross join (
    values
    (null, null), ('DE', null), (null, '{"town": TEXT}'), ('Deutschland', '{"town": "Köln"}'), ('DE', '{"town": TEXT}'),
    ('fr', '{"town": "Orléans", "street": TEXT, "building": TEXT, "postcode": TEXT}'),
    ('DE', '{"town": "", "street": TEXT}')
) as a (country, address)
cross join (
    values
    ('Ann'), ('Müller & Söhne <GmbH> "x" ''y'' ]]> &amp; &#0;'), ('ΑΘΗΝΑ Ελλάδα'), ('Жанна Щерева'), ('李小龍 محمد'),
    (e' a\t\r\n\u0001b\u0085\u00a0\u200b '), (repeat('Ж', 200)), (repeat('ab /', 60)), ('//x//'), ('@'), (''),
    (',",;=1+1|x'), ('-1+A1'), (repeat('9', 1000)), (chr(1114111) || 'x' || chr(65533))
) as t (given);
select reimbursement.write_payment_files('US01', test.last_run());

-- A run of a single payment, of a legal entity whose address has no town.
update reimbursement.legal_entities set address = '{"street": "Odos"}';
select test.run_in_state();
select test.transfer('PAY-99999999', bank_account => 'EURO');
select reimbursement.write_payment_files('US01', test.last_run());

select
    json_build_object(
        'name', format('%s of run %s', f.bank_account, f.run_id), 'format', f.format, 'content', f.content,
        'payments', f.payments, 'control_sum', f.control_sum, 'sha256', f.sha256
    )
from reimbursement.payment_files as f
order by f.run_id, f.bank_account, f.format
\g |"$REIMBURSE_TOP/.build-tools/venv/bin/python" "$REIMBURSE_TOP/Tests/sql/bank_file/validate_bank_files.py"
