-- The entries of a message, by the marks that its skeleton has for them: where each stands.
--
-- Returns the number of each, the account that it is under, and the batch, of a status report.
create or replace function reimbursement.message_marks(p_message reimbursement.bank_message)
returns table (number bigint, account_iban text, payment_information text)
language sql stable
as $$
    select x.number, upper(replace(x.account_iban, ' ', '')), nullif(x.payment_information, '')
    from xmltable(
        xmlnamespaces((p_message).namespace as m), '//m:Ntry | //m:TxInfAndSts' passing (p_message).skeleton
        columns
            number bigint path '@no',
            account_iban text path 'normalize-space((ancestor::m:Stmt | ancestor::m:Ntfctn)/m:Acct/m:Id/m:IBAN)',
            payment_information text path 'normalize-space(ancestor::m:OrgnlPmtInfAndSts/m:OrgnlPmtInfId)'
    ) as x
$$;

comment on function reimbursement.message_marks(reimbursement.bank_message) is
'The entries of a message of a bank, by the marks that its skeleton has for them: where each stands.';
