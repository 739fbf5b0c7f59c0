-- An address in a credit-transfer message; null without a town.
create or replace function reimbursement.postal_address(
    p_street text, p_building text, p_postcode text, p_town text, p_country text
) returns xml
language sql immutable parallel safe
as $$
    select case when p_town <> '' then xmlelement(name "PstlAdr", xmlforest(
        nullif(p_street, '') as "StrtNm", nullif(p_building, '') as "BldgNb", nullif(p_postcode, '') as "PstCd",
        p_town as "TwnNm", p_country as "Ctry"))
    end
$$;

comment on function reimbursement.postal_address(text, text, text, text, text) is
'An address in a credit-transfer message; null without a town.';
