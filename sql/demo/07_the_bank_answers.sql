-- The bank in London has accepted all of its file.
select reimbursement.import_bank_message(format(
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>STATUS-1</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>ACCP</GrpSts>
</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>',
    current_date, f.message_id))
from reimbursement.payment_files as f
where f.legal_entity_id = 'GBSI' and f.format = 'pain.001.001.09';

-- The statement from Frankfurt: every payment was carried out, the bank took a fee, and two came back, because the
-- account is closed; of one of them it kept 3.50. And it has returned a payment that it was never told to make.
with entries as (
    select 1 as kind, p.payment_number, 'DBIT' as direction, p.amount, null as reason, '' as charges
    from reimbursement.vendor_payments as p
    where p.legal_entity_id = 'DEMF' and p.bank_account = 'FFM-EUR'
    union all
    select
        2, r.payment_number, 'CRDT', r.amount - case r.customer_account when 'DE-013' then 3.50 else 0 end, 'AC04',
        case r.customer_account when 'DE-013' then '<Chrgs><Rcrd><Amt Ccy="EUR">3.50</Amt></Rcrd></Chrgs>' end
    from reimbursement.reimbursement_report as r
    where r.legal_entity_id = 'DEMF' and r.customer_account in ('DE-010', 'DE-013')
    union all
    values
    (3, 'NOTPROVIDED', 'DBIT', 12.00, null, ''),
    (4, 'PAY-00009999', 'CRDT', 77.00, 'AC01', '')
)

select reimbursement.import_bank_message(format(
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>STATEMENT-1</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
%s</Stmt></BkToCstmrStmt></Document>',
    current_date,
    string_agg(format(
        '<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>%s%s</TxDtls></NtryDtls></Ntry>',
        e.amount, e.direction, current_date, e.payment_number, e.charges,
        '<RtrInf><Rsn><Cd>' || e.reason || '</Cd></Rsn></RtrInf>'
    ), e'\n' order by e.kind, e.payment_number)
))
from entries as e;
