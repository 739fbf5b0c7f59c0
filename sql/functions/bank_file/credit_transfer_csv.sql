-- The file of one bank account as comma-separated values (RFC 4180): a header, then the payments by number.
--
-- It says what the messages say, but for the legal entity's own address, in the same characters, but for an apostrophe
-- before a text that begins with + or - (csv_field). Lines end in CR LF.
-- Reads: transfer_messages, transfers. Calls: csv_field.
create or replace function reimbursement.credit_transfer_csv(p_bank_account text) returns text
language sql stable
as $$
    select
        e'message_id,payment_number,end_to_end_id,execution_date,debtor_name,debtor_iban,debtor_bic,creditor_name,'
        'creditor_iban,creditor_bic,street,building,postcode,town,country,currency,amount,remittance\r\n'
        || string_agg(
            concat_ws(',',
                m.message_id, reimbursement.csv_field(t.payment_number), reimbursement.csv_field(t.end_to_end_id),
                to_char(t.execution_date, 'YYYY-MM-DD'),
                reimbursement.csv_field(m.debtor_name), m.debtor_iban, coalesce(m.debtor_bic, ''),
                reimbursement.csv_field(t.creditor_name), t.creditor_iban, coalesce(t.creditor_bic, ''),
                coalesce(reimbursement.csv_field(t.street), ''), coalesce(reimbursement.csv_field(t.building), ''),
                coalesce(reimbursement.csv_field(t.postcode), ''), coalesce(reimbursement.csv_field(t.town), ''),
                case when t.town <> '' then t.country else '' end,
                t.currency, t.amount, reimbursement.csv_field(t.remittance)) || e'\r\n',
            '' order by t.payment_number)
    from pg_temp.transfers as t
    inner join pg_temp.transfer_messages as m on m.bank_account = t.bank_account
    where t.bank_account = p_bank_account
$$;

comment on function reimbursement.credit_transfer_csv(text) is
'The file of one bank account as comma-separated values: a header, then the payments by number.';
