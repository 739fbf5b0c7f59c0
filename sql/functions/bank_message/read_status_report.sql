-- What a payment status report (pain.002) says: of the file as a whole, of its batches, of its payments.
--
-- A status that is on the way (pending, received, partly accepted) is null, and changes nothing.
-- Raises: RB066 an entry is not well-formed.
create or replace function reimbursement.read_status_report(p_content text, p_message reimbursement.bank_message)
returns setof reimbursement.reported_entry
language sql stable set search_path = reimbursement, pg_temp set enable_nestloop = off set jit = off
as $$
    with statuses (code, status) as (
        values
        ('ACTC', 'accepted'), ('ACCP', 'accepted'), ('ACSP', 'accepted'), ('ACWC', 'accepted'),
        ('ACSC', 'executed'), ('ACCC', 'executed'), ('RJCT', 'rejected')
    ),
    original as (
        select nullif(x.original_message, '') as original_message
        from xmltable(
            xmlnamespaces((p_message).namespace as m), '/m:Document/m:CstmrPmtStsRpt' passing (p_message).skeleton
            columns original_message text path 'normalize-space(m:OrgnlGrpInfAndSts/m:OrgnlMsgId)'
        ) as x
    ),
    levels as (
        select
            0 as "position", case when x.is_group then 'group' else format('batch %s', x.payment_information) end as entry,
            nullif(x.payment_information, '') as payment_information, null as end_to_end_id, null as account_iban,
            x.code, x.reason_code, null as amount_text, null as currency
        from xmltable(
            xmlnamespaces((p_message).namespace as m), '//m:OrgnlGrpInfAndSts | //m:OrgnlPmtInfAndSts'
            passing (p_message).skeleton
            columns
                is_group boolean path 'boolean(self::m:OrgnlGrpInfAndSts)',
                payment_information text path 'normalize-space(m:OrgnlPmtInfId)',
                code text path 'normalize-space(m:GrpSts | m:PmtInfSts)',
                reason_code text path 'normalize-space((m:StsRsnInf/m:Rsn/m:Cd | m:StsRsnInf/m:Rsn/m:Prtry)[1])'
        ) as x
        union all
        select
            x.number, format('transaction %s', x.number), m.payment_information,
            nullif(x.end_to_end_id, ''), nullif(upper(replace(x.account_iban, ' ', '')), ''), x.code, x.reason_code,
            nullif(x.amount_text, ''), nullif(x.currency, '')
        from reimbursement.message_documents(p_content, p_message) as d (document)
        cross join lateral xmltable(
            xmlnamespaces((p_message).namespace as m), '/m:Document/m:TxInfAndSts' passing d.document
            columns
                number bigint path '@no',
                end_to_end_id text path
                'normalize-space((m:OrgnlEndToEndId | m:OrgnlInstrId)[normalize-space() != "NOTPROVIDED"][last()])',
                account_iban text path 'normalize-space(m:OrgnlTxRef/m:DbtrAcct/m:Id/m:IBAN)',
                code text path 'normalize-space(m:TxSts)',
                reason_code text path 'normalize-space((m:StsRsnInf/m:Rsn/m:Cd | m:StsRsnInf/m:Rsn/m:Prtry)[1])',
                amount_text text path 'normalize-space(m:OrgnlTxRef/m:Amt/m:InstdAmt)',
                currency text path 'normalize-space(m:OrgnlTxRef/m:Amt/m:InstdAmt/@Ccy)'
        ) as x
        inner join reimbursement.message_marks(p_message) as m on m.number = x.number
    )
    select
        l.position, l.entry, o.original_message, l.payment_information, l.end_to_end_id, l.account_iban, s.status,
        false,
        nullif(l.reason_code, ''), l.amount_text, reimbursement.message_amount(l.amount_text), null::numeric,
        l.currency, 0, null::date, null::date, null::text,
        case
            when l.amount_text is not null and reimbursement.message_amount(l.amount_text) is null
                then 'amount_is_no_number'
        end
    from levels as l
    cross join original as o
    left join statuses as s on s.code = l.code
    where l.code <> ''
$$;

comment on function reimbursement.read_status_report(text, reimbursement.bank_message) is
'What a payment status report (pain.002) says, of the file, of its batches and of its payments.';
