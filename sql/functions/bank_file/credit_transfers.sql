-- The transactions of one batch of a credit-transfer message, one a line, by payment number.
--
-- They are joined as texts: xmlagg copies all that it has for every row, and so takes forever over many thousands.
-- Reads: transfers.
create or replace function reimbursement.credit_transfers(p_format text, p_bank_account text, p_batch bigint)
returns text
language sql stable
as $$
    select string_agg(
        xmlelement(name "CdtTrfTxInf",
            xmlelement(name "PmtId",
                xmlforest(t.payment_number as "InstrId", t.end_to_end_id as "EndToEndId")),
            xmlelement(name "Amt", xmlelement(name "InstdAmt", xmlattributes(t.currency as "Ccy"), t.amount)),
            case when t.creditor_bic is not null
                then xmlelement(name "CdtrAgt", reimbursement.financial_institution(p_format, t.creditor_bic))
            end,
            xmlelement(name "Cdtr",
                xmlelement(name "Nm", t.creditor_name),
                reimbursement.postal_address(t.street, t.building, t.postcode, t.town, t.country)),
            xmlelement(name "CdtrAcct", xmlelement(name "Id", xmlelement(name "IBAN", t.creditor_iban))),
            case when t.remittance <> ''
                then xmlelement(name "RmtInf", xmlelement(name "Ustrd", t.remittance))
            end)::text,
        e'\n' order by t.payment_number)
    from pg_temp.transfers as t
    where t.bank_account = p_bank_account and t.batch = p_batch
$$;

comment on function reimbursement.credit_transfers(text, text, bigint) is
'The transactions of one batch of a credit-transfer message, one a line, by payment number.';
