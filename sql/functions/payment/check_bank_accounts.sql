-- Refuses a payment run without a bank account that can pay: the one it names, or the default ones of its legal entity.
--
-- Ready is an account with a valid IBAN and BIC, of a legal entity whose name, and whose payment numbers, a bank file
-- can carry.
-- Reads: bank_accounts, legal_entities, number_sequences.
-- Raises: RB023 an unknown bank account, one that is not ready, one of another currency, or no default one.
create or replace function reimbursement.check_bank_accounts(
    p_legal_entity_id text, p_choices reimbursement.vendor_payment_choices
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_problem text;
begin
    select coalesce(
        min(case
            when a.currency <> p_choices.currency
                then format('bank account "%s" pays %s, not %s', a.bank_account, a.currency, p_choices.currency)
            when reimbursement.is_iban(a.iban) is not true or not reimbursement.is_bic(a.bic)
                then format('bank account "%s" is not ready: its IBAN "%s" or BIC "%s" is not valid', a.bank_account,
                    a.iban, a.bic)
            when reimbursement.sepa_text(le.name) = ''
                then format('bank account "%s" is not ready: a bank file cannot carry the legal entity''s name, "%s"',
                    a.bank_account, le.name)
            when n.example <> reimbursement.sepa_text(n.example) or length(n.example) > 35
                then format('bank account "%s" is not ready: a bank file cannot carry payment numbers such as "%s"',
                    a.bank_account, n.example)
        end),
        case
            when count(*) > 0 then null
            when p_choices.bank_account is not null
                then format('legal entity "%s" has no bank account "%s"', p_legal_entity_id, p_choices.bank_account)
            when p_choices.currency is not null
                then format('legal entity "%s" has no default bank account in %s', p_legal_entity_id, p_choices.currency)
            else format('legal entity "%s" has no default bank account', p_legal_entity_id)
        end)
    into v_problem
    from reimbursement.bank_accounts as a
    inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
    left join lateral (
        select reimbursement.format_number(s.format, 999999999999) as example
        from reimbursement.number_sequences as s
        where s.legal_entity_id = p_legal_entity_id and s.sequence = 'payment'
    ) as n on true
    where a.legal_entity_id = p_legal_entity_id
        and case
            when p_choices.bank_account is not null then a.bank_account = p_choices.bank_account
            else a.is_default and (p_choices.currency is null or a.currency = p_choices.currency)
        end;
    if v_problem is not null then
        raise exception using errcode = 'RB023', message = v_problem,
            hint = 'Bank accounts are rows of reimbursement.bank_accounts; the default one of a currency has is_default.';
    end if;
end
$$;

comment on function reimbursement.check_bank_accounts(text, reimbursement.vendor_payment_choices) is
'Refuses a payment run without a bank account that can pay.';
