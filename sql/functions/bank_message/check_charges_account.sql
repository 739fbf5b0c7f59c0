-- Refuses to post charges of a bank where the legal entity has no account for them. Raises: RB002.
create or replace function reimbursement.check_charges_account(p_legal_entity_id text, p_has_charges boolean)
returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    if p_has_charges and exists (
        select from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id and le.bank_charges_account is null
    ) then
        raise exception using errcode = 'RB002',
            message = format('the set-up of legal entity "%s" is incomplete: bank_charges_account', p_legal_entity_id),
            detail = 'The bank kept charges of a payment that it returned.',
            hint = 'Set the column of reimbursement.legal_entities, and import the message then.';
    end if;
end
$$;

comment on function reimbursement.check_charges_account(text, boolean) is
'Refuses to post charges of a bank where the legal entity has no account for them.';
