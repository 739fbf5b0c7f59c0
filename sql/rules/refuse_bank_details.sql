-- Trigger: refuses bank details that are wrong, and says what is wrong with them.
--
-- It fires for rows that is_iban or is_bic has refused; a missing IBAN is left to the column's constraint.
-- Which check digits would fit is not said: they are there to catch a slip, and an IBAN made to fit catches none.
-- Raises: RB021 the IBAN, RB022 the BIC.
create or replace function reimbursement.refuse_bank_details() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_kind constant text := rtrim(tg_table_name, 's');
    v_key constant text := case when v_kind = 'bank_account' then v_kind else v_kind || '_account' end;
    v_owner constant text := format('of %s "%s" of legal entity "%s"',
        replace(v_kind, '_', ' '), to_jsonb(new) ->> v_key, new.legal_entity_id);
    v_iban constant text := replace(new.iban, ' ', '');
    v_country constant text := left(v_iban, 2);
begin
    if not reimbursement.is_iban(new.iban) then
        raise exception using errcode = 'RB021',
            message = format('"%s" is no IBAN %s: %s', new.iban, v_owner, case
                when v_iban = '' then 'it is empty'
                when v_iban !~ '^[A-Z0-9]*$' then 'it has other characters than A-Z and 0-9'
                when reimbursement.iban_length(v_country) is null
                    then format('"%s" is no country with IBANs', v_country)
                when length(v_iban) <> reimbursement.iban_length(v_country)
                    then format('it has %s characters, and for %s it must have %s', length(v_iban), v_country,
                        reimbursement.iban_length(v_country))
                else format('its check digits "%s" do not fit', substr(v_iban, 3, 2))
            end),
            hint = 'Ask for the IBAN again: a digit is wrong, missing or in the wrong place. Spaces do not matter.';
    end if;
    if not reimbursement.is_bic(new.bic) then
        raise exception using errcode = 'RB022',
            message = format('"%s" is no BIC %s', new.bic, v_owner),
            detail = 'A BIC has 8 or 11 characters: six letters A-Z, two of A-Z 0-9, and three more of a branch.',
            hint = 'Give the BIC in capital letters, or none: in SEPA the IBAN is enough.';
    end if;
    return new;
end
$$;

comment on function reimbursement.refuse_bank_details() is
'Trigger: refuses an IBAN or a BIC that is wrong, and says what is wrong with it.';
