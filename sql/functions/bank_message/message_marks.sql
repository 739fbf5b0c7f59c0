-- The entries of a message, by the marks that its skeleton has for them: where each stands.
--
-- What an entry is under is found by the first and the last mark there: to ask each entry for its parent's account
-- would look through all of its siblings.
-- Returns the number of each, the account that it is under, and the batch, of a status report.
create or replace function reimbursement.message_marks(p_message reimbursement.bank_message)
returns table (number bigint, account_iban text, payment_information text)
language sql stable
as $$
    with marks as materialized (
        select x.number
        from xmltable(
            xmlnamespaces((p_message).namespace as m), '//m:Ntry | //m:TxInfAndSts' passing (p_message).skeleton
            columns number bigint path '@no'
        ) as x
    ),
    parents as materialized (
        select x.*
        from xmltable(
            xmlnamespaces((p_message).namespace as m), '//m:Stmt | //m:Ntfctn | //m:OrgnlPmtInfAndSts'
            passing (p_message).skeleton
            columns
                first_number bigint path '(m:Ntry | m:TxInfAndSts)[1]/@no',
                last_number bigint path '(m:Ntry | m:TxInfAndSts)[last()]/@no',
                account_iban text path 'normalize-space(m:Acct/m:Id/m:IBAN)',
                payment_information text path 'normalize-space(m:OrgnlPmtInfId)'
        ) as x
    )
    select m.number, upper(replace(p.account_iban, ' ', '')), nullif(p.payment_information, '')
    from parents as p
    inner join marks as m on m.number between p.first_number and p.last_number
$$;

comment on function reimbursement.message_marks(reimbursement.bank_message) is
'The entries of a message of a bank, by the marks that its skeleton has for them: where each stands.';
