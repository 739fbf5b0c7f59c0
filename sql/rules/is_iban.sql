-- Whether a text is an IBAN (ISO 13616): its country has IBANs of this length, and its check digits fit.
--
-- Spaces are taken out first, because people write them in groups of four; letters are capitals.
-- Returns: true or false; null for null.
-- Check digits fit when the number that the rearranged IBAN spells, A = 10 to Z = 35, leaves 1 when divided by 97.
-- Calls: iban_length. Reads: nothing. It is called by triggers on what users load, for every row.
create or replace function reimbursement.is_iban(p_iban text) returns boolean
language plpgsql immutable strict parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_iban constant text := replace(p_iban, ' ', '');
    v_digits text;
    v_letter text;
begin
    if length(v_iban) is distinct from reimbursement.iban_length(left(v_iban, 2))
        or v_iban !~ '^[A-Z]{2}(0[2-9]|[1-8][0-9]|9[0-8])[A-Z0-9]+$'
    then
        return false;
    end if;
    v_digits := substr(v_iban, 5) || left(v_iban, 4);
    loop
        v_letter := substring(v_digits from '[A-Z]');
        exit when v_letter is null;
        v_digits := replace(v_digits, v_letter, (ascii(v_letter) - 55)::text);
    end loop;
    return v_digits::numeric % 97 = 1;
end
$$;

comment on function reimbursement.is_iban(text) is
'Whether a text is an IBAN: the length of its country, and check digits that fit; spaces do not count.';
