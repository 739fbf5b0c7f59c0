-- A text in the characters that every bank in SEPA takes: a-z A-Z 0-9 / - ? : ( ) . , ' + and space.
--
-- Letters lose their marks, and an umlaut is no exception: the European Payments Council's table (EPC217-08) has one
-- letter for it, in German as in Finnish. What else becomes of a character, sepa_character says. White space and
-- control characters become one space; invisible ones go; no slash begins or ends the text, and none follows another.
-- Returns: the text; '' where not one letter or digit of it could be written; null for null.
-- The database's encoding has to be UTF-8.
-- Calls: sepa_character.
create or replace function reimbursement.sepa_text(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_text text := p_text;
    v_character text;
begin
    if v_text ~ '[^a-zA-Z0-9/?:().,''+ -]' then
        -- The Cyrillic short i is more than an i with a mark, and an acute accent on its own is meant as an apostrophe.
        v_text := normalize(translate(normalize(v_text, nfc), 'Йй´', 'Yy'''), nfkd);
        v_text := regexp_replace(v_text,
            '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f'
            || '\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+', '', 'g');
        v_text := regexp_replace(v_text, '[\u0001-\u0020\u007f-\u00a0\u1680\u2028\u2029]+', ' ', 'g');
        loop
            v_character := substring(v_text from '[^a-zA-Z0-9/?:().,''+ @€-]');
            exit when v_character is null;
            v_text := replace(v_text, v_character, reimbursement.sepa_character(v_character));
        end loop;
    end if;
    if v_text !~ '[a-zA-Z0-9]' then
        return '';
    end if;
    -- These two become letters that are none of the text's own, so they come last.
    v_text := replace(replace(v_text, '@', '(at)'), '€', 'EUR');
    return btrim(regexp_replace(regexp_replace(v_text, ' {2,}', ' ', 'g'), '/{2,}', '/', 'g'), ' /');
end
$$;

comment on function reimbursement.sepa_text(text) is
'A text in the characters that every bank in SEPA takes; empty where not one letter or digit of it could be written.';
