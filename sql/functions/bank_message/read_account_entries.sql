-- What a statement (camt.053) or a notification (camt.054) says: a row a transaction; of an entry that names none, one.
--
-- A debit executes; a credit returns where it says so (return information, or the code of an R-transaction). What was
-- booked is the entry's amount where it has one transaction, else the transaction's; original_amount is what the
-- payment was before the bank kept its charges. What is booked later than the message was made is no booking.
-- Raises: RB066 an entry is not well-formed.
create or replace function reimbursement.read_account_entries(p_content text, p_message reimbursement.bank_message)
returns setof reimbursement.reported_entry
language sql stable set search_path = reimbursement, pg_temp set enable_nestloop = off set jit = off
as $$
    with found as (
        select
            m.number as "position", m.account_iban, x.*,
            row_number() over (partition by m.number order by x.place) as transaction,
            case
                when x.is_one_of_many then nullif(coalesce(nullif(x.transaction_amount, ''), x.old_amount), '')
                else nullif(x.entry_amount, '')
            end as amount_text,
            coalesce(reimbursement.message_date(x.booking_date), reimbursement.message_date(x.value_date)) as booked_on
        from reimbursement.message_documents(p_content, p_message) as d (document)
        cross join lateral xmltable(
            xmlnamespaces((p_message).namespace as m),
            '//m:TxDtls | //m:NtryDtls[not(m:TxDtls)] | //m:Ntry[not(m:NtryDtls)]' passing d.document
            columns
                place for ordinality,
                number bigint path 'ancestor-or-self::m:Ntry/@no',
                is_one_of_many boolean path
                'boolean(self::m:TxDtls/../m:TxDtls[2]) or boolean(ancestor-or-self::m:Ntry/m:NtryDtls[2])',
                entry_amount text path 'normalize-space(ancestor-or-self::m:Ntry/m:Amt)',
                entry_currency text path 'normalize-space(ancestor-or-self::m:Ntry/m:Amt/@Ccy)',
                direction text path 'normalize-space(ancestor-or-self::m:Ntry/m:CdtDbtInd)',
                state text path 'normalize-space(ancestor-or-self::m:Ntry/m:Sts)',
                booking_date text path 'normalize-space(ancestor-or-self::m:Ntry/m:BookgDt)',
                value_date text path 'normalize-space(ancestor-or-self::m:Ntry/m:ValDt)',
                batch text path 'normalize-space(ancestor-or-self::m:NtryDtls/m:Btch/m:PmtInfId)',
                batch_message text path 'normalize-space(ancestor-or-self::m:NtryDtls/m:Btch/m:MsgId)',
                message_id text path 'normalize-space(m:Refs/m:MsgId)',
                payment_information text path 'normalize-space(m:Refs/m:PmtInfId)',
                end_to_end_id text path
                'normalize-space((m:Refs/m:EndToEndId | m:Refs/m:InstrId)[normalize-space() != "NOTPROVIDED"][last()])',
                transaction_amount text path 'normalize-space(self::m:TxDtls/m:Amt)',
                old_amount text path 'normalize-space(m:AmtDtls/m:TxAmt/m:Amt)',
                instructed_amount text path 'normalize-space(m:AmtDtls/m:InstdAmt/m:Amt)',
                instructed_currency text path 'normalize-space(m:AmtDtls/m:InstdAmt/m:Amt/@Ccy)',
                has_return boolean path 'boolean(m:RtrInf)',
                reason_code text path 'normalize-space((m:RtrInf/m:Rsn/m:Cd | m:RtrInf/m:Rsn/m:Prtry)[1])',
                family text path
                'normalize-space((m:BkTxCd | ancestor-or-self::m:Ntry/m:BkTxCd)[last()]/m:Domn/m:Fmly/m:SubFmlyCd)',
                own_charges text path 'normalize-space(m:Chrgs/m:TtlChrgsAndTaxAmt)',
                own_records text path 'string(sum(m:Chrgs/m:Rcrd/m:Amt | m:Chrgs/m:Amt))',
                entry_charges text path 'normalize-space(ancestor::m:Ntry/m:Chrgs/m:TtlChrgsAndTaxAmt)',
                entry_records text path
                'string(sum(ancestor::m:Ntry/m:Chrgs/m:Rcrd/m:Amt | ancestor::m:Ntry/m:Chrgs/m:Amt))',
                has_own_charges boolean path 'boolean(m:Chrgs)'
        ) as x
        inner join reimbursement.message_marks(p_message) as m on m.number = x.number
    )
    select
        f."position" * 10000000 + f.transaction,
        format(case when f.is_one_of_many then 'entry %s/%s' else 'entry %s' end, f."position", f.transaction),
        nullif(coalesce(nullif(f.message_id, ''), f.batch_message), ''),
        nullif(coalesce(nullif(f.payment_information, ''), f.batch), ''),
        nullif(f.end_to_end_id, ''), f.account_iban,
        case
            when f.direction = 'DBIT' then 'executed'
            when f.direction = 'CRDT' and (f.has_return or f.family in ('RRTN', 'RPCR')) then 'returned'
        end,
        true, nullif(f.reason_code, ''), f.amount_text, reimbursement.message_amount(f.amount_text),
        case when f.instructed_currency = f.entry_currency then reimbursement.message_amount(f.instructed_amount) end,
        nullif(f.entry_currency, ''),
        coalesce(
            case
                when f.has_own_charges then coalesce(
                    reimbursement.message_amount(f.own_charges), reimbursement.message_amount(f.own_records))
                when not f.is_one_of_many then coalesce(
                    reimbursement.message_amount(f.entry_charges), reimbursement.message_amount(f.entry_records))
            end, 0),
        f.booked_on, reimbursement.message_date(f.value_date), f."position"::text,
        case
            when f.amount_text is not null and reimbursement.message_amount(f.amount_text) is null
                then 'amount_is_no_number'
            when f.state <> 'BOOK' then 'not_booked'
            when f.booked_on is null or f.booked_on > (p_message).message_date + 1 then 'date_is_wrong'
            when f.direction = 'CRDT' and not f.has_return and f.family not in ('RRTN', 'RPCR')
                then 'credit_is_no_return'
        end
    from found as f
$$;

comment on function reimbursement.read_account_entries(text, reimbursement.bank_message) is
'What a statement (camt.053) or a notification (camt.054) says, a row a transaction.';
