-- The file of one bank account in ISO 20022's format for credit transfers, pain.001, of the version asked for.
--
-- Headers and transactions are XML elements; the tags around them are written out, so that no large file has to be read
-- back as XML.
-- The legal entity's own address is in it where its set-up has one.
-- Reads: transfer_messages, transfers, legal_entities. Calls: credit_transfers.
create or replace function reimbursement.credit_transfer_message(
    p_legal_entity_id text, p_format text, p_bank_account text
) returns text
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_message record;
    v_debtor_address xml;
    v_header xml;
    v_batches text;
begin
    select m.* into v_message from pg_temp.transfer_messages as m where m.bank_account = p_bank_account;
    select reimbursement.postal_address(a.street, a.building, a.postcode, a.town, a.country) into v_debtor_address
    from reimbursement.legal_entities as le
    cross join lateral reimbursement.transfer_address(le.country, le.address) as a
    where le.legal_entity_id = p_legal_entity_id;
    v_header := xmlelement(name "GrpHdr",
        xmlforest(
            v_message.message_id as "MsgId",
            to_char(v_message.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "CreDtTm",
            v_message.payments as "NbOfTxs", v_message.control_sum as "CtrlSum"),
        xmlelement(name "InitgPty", xmlelement(name "Nm", v_message.debtor_name)));

    select string_agg(format(e'<PmtInf>%s\n%s\n</PmtInf>', b.header, b.transfers), e'\n' order by b.batch)
    into v_batches
    from (
        select
            t.batch,
            xmlconcat(
                xmlforest(
                    v_message.message_id || '-' || t.batch as "PmtInfId", 'TRF' as "PmtMtd",
                    t.payments as "NbOfTxs", t.control_sum as "CtrlSum"),
                case when t.is_sepa
                    then xmlelement(name "PmtTpInf", xmlelement(name "SvcLvl", xmlelement(name "Cd", 'SEPA')))
                end,
                case when p_format = 'pain.001.001.03'
                    then xmlelement(name "ReqdExctnDt", t.execution_date)
                    else xmlelement(name "ReqdExctnDt", xmlelement(name "Dt", t.execution_date))
                end,
                xmlelement(name "Dbtr", xmlelement(name "Nm", v_message.debtor_name), v_debtor_address),
                xmlelement(name "DbtrAcct",
                    xmlelement(name "Id", xmlelement(name "IBAN", v_message.debtor_iban)),
                    xmlelement(name "Ccy", v_message.currency)),
                xmlelement(name "DbtrAgt", reimbursement.financial_institution(p_format, v_message.debtor_bic)),
                xmlelement(name "ChrgBr", case when t.is_sepa then 'SLEV' else 'SHAR' end)) as header,
            reimbursement.credit_transfers(p_format, p_bank_account, t.batch) as transfers
        from (
            select
                q.batch, q.is_sepa, q.execution_date, count(*) as payments, sum(q.amount) as control_sum
            from pg_temp.transfers as q
            where q.bank_account = p_bank_account
            group by q.batch, q.is_sepa, q.execution_date
        ) as t
    ) as b;
    return format(
        e'<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:%s"><CstmrCdtTrfInitn>\n%s\n%s\n</CstmrCdtTrfInitn></Document>\n',
        p_format, v_header, v_batches);
end
$$;

comment on function reimbursement.credit_transfer_message(text, text, text) is
'The file of one bank account in ISO 20022''s format for credit transfers, pain.001, of the version asked for.';
