-- The bank in London has accepted all of its file.
select reimbursement.import_bank_message(
    '<?xml version="1.0" encoding="UTF-8"?>'
    || xmlelement(name "Document", xmlattributes('urn:iso:std:iso:20022:tech:xsd:pain.002.001.10' as xmlns),
        xmlelement(name "CstmrPmtStsRpt",
            xmlelement(name "GrpHdr",
                xmlforest('STATUS-1' as "MsgId", to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SSOF') || ':00' as "CreDtTm")),
            xmlelement(name "OrgnlGrpInfAndSts",
                xmlforest(f.message_id as "OrgnlMsgId", 'pain.001.001.09' as "OrgnlMsgNmId", 'ACCP' as "GrpSts"))))
)
from reimbursement.payment_files as f
where f.legal_entity_id = 'GBSI' and f.format = 'pain.001.001.09';

-- The statement from Frankfurt: every payment was carried out, the bank took a fee, and two came back, because the
-- account is closed; of one of them it kept 3.50. And it has returned a payment that it was never told to make.
with entries as (
    select
        1 as kind, p.payment_number, 'DBIT' as direction, p.amount, null as reason, null::numeric as charges
    from reimbursement.vendor_payments as p
    where p.legal_entity_id = 'DEMF' and p.bank_account = 'FFM-EUR'
    union all
    select
        2, r.payment_number, 'CRDT', r.amount - case r.customer_account when 'DE-013' then 3.50 else 0 end, 'AC04',
        case r.customer_account when 'DE-013' then 3.50 end
    from reimbursement.reimbursement_report as r
    where r.legal_entity_id = 'DEMF' and r.customer_account in ('DE-010', 'DE-013')
    union all
    values
    (3, 'NOTPROVIDED', 'DBIT', 12.00, null, null::numeric),
    (4, 'PAY-00009999', 'CRDT', 77.00, 'AC01', null::numeric)
)
select reimbursement.import_bank_message(
    '<?xml version="1.0" encoding="UTF-8"?>'
    || xmlelement(name "Document", xmlattributes('urn:iso:std:iso:20022:tech:xsd:camt.053.001.08' as xmlns),
        xmlelement(name "BkToCstmrStmt",
            xmlelement(name "GrpHdr",
                xmlforest('STATEMENT-1' as "MsgId", to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SSOF') || ':00' as "CreDtTm")),
            xmlelement(name "Stmt",
                xmlforest('1' as "Id"),
                xmlelement(name "Acct", xmlelement(name "Id", xmlforest('DE89370400440532013000' as "IBAN"))),
                xmlagg(xmlelement(name "Ntry",
                    xmlelement(name "Amt", xmlattributes('EUR' as "Ccy"), e.amount),
                    xmlforest(e.direction as "CdtDbtInd"),
                    xmlelement(name "Sts", xmlforest('BOOK' as "Cd")),
                    xmlelement(name "BookgDt", xmlforest(current_date as "Dt")),
                    xmlelement(name "NtryDtls", xmlelement(name "TxDtls",
                        xmlelement(name "Refs", xmlforest(e.payment_number as "EndToEndId")),
                        case when e.charges is not null then xmlelement(name "Chrgs", xmlelement(name "Rcrd",
                            xmlelement(name "Amt", xmlattributes('EUR' as "Ccy"), e.charges))) end,
                        case when e.reason is not null then xmlelement(name "RtrInf",
                            xmlelement(name "Rsn", xmlforest(e.reason as "Cd"))) end))
                ) order by e.kind, e.payment_number))))
)
from entries as e;
